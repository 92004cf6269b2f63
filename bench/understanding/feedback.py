#!/usr/bin/env python3
"""Vietnamese feedback that nobody wrote: labelled sentences from templates, for benchmarks.

    feedback.py FOLDER [--texts 6000] [--seed 1]

Writes, each as -train.csv and -test.csv: sentiment (three classes, one of them rare), emotion (seven), course (what students
say of their courses: words joined with underscores, half of the sentences one clause, neutral 4 %), social (seven emotions
between 4 % and 30 %, emoji, teencode, very short), stars (numbers as labels, 5 the most, 2 the least). What a template says
is true in four of five texts; the others get a clause of another class in front ("tuy … nhưng …"), a misspelling, teencode, a
dropped word, or, one in twenty, a label that somebody got wrong: so that nobody reaches 100 %.
"""

import argparse
import csv
import random
import unicodedata
from pathlib import Path

THINGS = {
    "product": ["hàng", "sản phẩm", "cái áo", "đôi giày", "cái nồi", "tai nghe", "máy sấy", "kem dưỡng", "quyển sách"],
    "delivery": ["giao hàng", "shipper", "đơn hàng", "bên vận chuyển", "gói hàng"],
    "staff": ["nhân viên", "bạn thu ngân", "chị tư vấn", "anh bảo vệ", "cô lễ tân", "thầy giáo", "bác sĩ"],
    "app": ["ứng dụng", "app", "trang web", "phần thanh toán", "bản cập nhật"],
    "food": ["món phở", "ly trà sữa", "bánh mì", "lẩu", "cơm tấm", "cà phê"],
    "place": ["quán", "cửa hàng", "phòng", "bãi xe", "lớp học", "bệnh viện"],
}
GOOD = {
    "product": ["bền", "đẹp y hình", "chất lượng", "đúng mô tả", "đáng tiền", "dùng thích", "chắc chắn", "vừa vặn"],
    "delivery": ["nhanh", "đúng hẹn", "cẩn thận", "sớm hơn dự kiến", "đóng gói kỹ", "nguyên vẹn"],
    "staff": ["nhiệt tình", "dễ thương", "tận tâm", "lịch sự", "giải thích kỹ", "vui vẻ", "chu đáo"],
    "app": ["mượt", "dễ dùng", "tiện", "nhanh gọn", "ổn định", "ít lỗi"],
    "food": ["ngon", "đậm đà", "tươi", "thơm", "vừa miệng", "hết chỗ chê"],
    "place": ["sạch sẽ", "thoáng mát", "rộng rãi", "yên tĩnh", "ấm cúng"],
}
BAD = {
    "product": ["mau hỏng", "lỗi", "khác hình", "kém chất lượng", "phí tiền", "mỏng dính", "bong tróc", "rách"],
    "delivery": ["chậm", "trễ hẹn", "móp méo", "thất lạc", "giao nhầm", "thiếu hàng"],
    "staff": ["thô lỗ", "thờ ơ", "cáu gắt", "khó chịu", "không biết gì", "lề mề", "coi thường khách"],
    "app": ["lag", "văng liên tục", "rối", "treo", "trừ tiền hai lần", "không đăng nhập được"],
    "food": ["dở", "nhạt nhẽo", "nguội ngắt", "có mùi", "mặn chát", "tanh"],
    "place": ["bẩn", "nóng nực", "chật chội", "ồn ào", "ẩm mốc", "đông nghẹt"],
}
FACTS = {
    "product": ["màu đen", "cỡ vừa", "mua tuần trước", "chưa dùng tới", "nặng ba ký", "bình thường", "tạm được"],
    "delivery": ["đang trên đường", "đã nhận", "hẹn chiều mai", "qua bưu điện", "ở quận 3", "bình thường"],
    "staff": ["tên Lan", "làm ca sáng", "đã gọi lại", "hẹn thứ hai", "bình thường"],
    "app": ["bản mới nhất", "trên điện thoại cũ", "cần đăng ký", "có nút đổi tiếng", "tạm ổn"],
    "food": ["hai phần", "ít đá", "mang về", "vị dâu", "ăn được", "bình thường"],
    "place": ["ở tầng hai", "gần chợ", "mở tới chín giờ", "có chỗ gửi xe", "cũng được"],
}
MORE = {
    "positive": ["rất {}", "{} lắm", "quá {}", "{} thật sự", "{} ghê", "không chê được, {}", "{}, sẽ ủng hộ tiếp", "{}",
                 "khá {}"],
    "negative": ["quá {}", "{} lắm", "{} kinh khủng", "{}, không bao giờ quay lại", "{} mà gọi không ai nghe", "{}",
                 "hơi {}", "{} hoài"],
    "neutral": ["{}", "thì {}", "{} thôi", "{} phải không shop", "chắc {}", "{}, cho mình hỏi giá"],
}
DENIED = {
    "positive": ["không hề {}", "chẳng {} chút nào", "không {} tí nào"],
    "negative": ["không {} chút nào", "chẳng {} gì cả", "không được {} lắm"],
}
EMOTIONS = {
    "vui": ["vui quá", "thích mê", "cười cả ngày", "hạnh phúc ghê", "yêu quá đi", "đã ghê", "tuyệt cú mèo"],
    "buồn": ["buồn thiu", "hụt hẫng", "tiếc ghê", "muốn khóc", "tủi thân", "thất vọng tràn trề"],
    "giận": ["tức điên", "bực mình", "quá đáng", "nóng máu", "lừa đảo", "hết chịu nổi"],
    "sợ": ["lo quá", "sợ mất tiền", "hoang mang", "hú hồn", "ám ảnh", "run tay"],
    "ghê": ["ghê quá", "tởm", "buồn nôn", "bẩn thỉu", "mắc ói", "phát ớn"],
    "ngạc nhiên": ["không ngờ luôn", "bất ngờ ghê", "ủa thiệt hả", "ngạc nhiên chưa", "hết hồn"],
    "khác": ["cho hỏi chút", "nhắn giúp mình", "để mai tính", "như đã hẹn", "theo dõi thêm", "gửi lại nhé"],
}
COURSE = {
    "thing": ["giảng_viên", "thầy", "cô", "bài giảng", "giáo_trình", "slide", "phòng máy", "đề thi", "bài_tập", "đồ_án môn_học",
              "phòng học", "thực_hành", "lịch học", "cách chấm điểm", "nội_dung môn_học", "tài_liệu", "trợ_giảng", "buổi seminar"],
    "positive": ["nhiệt_tình", "dễ hiểu", "tận_tâm", "vui_tính", "giải_đáp thắc_mắc của sinh_viên", "sát với thực_tế", "rõ_ràng",
                 "đầy_đủ", "luôn đúng giờ", "có nhiều ví_dụ thực_tế", "cho sinh_viên nhiều kiến_thức mới", "thoải_mái", "hay"],
    "negative": ["đọc slide", "khó hiểu", "quá nhanh", "chưa cụ_thể", "thiếu máy_tính", "nóng nực", "cập_nhật chậm", "khô_khan",
                 "ít thời_gian", "không giống những gì đã học", "hay vào lớp trễ", "quá nhiều lý_thuyết", "chấm chưa công_bằng"],
    "neutral": ["bình_thường", "không có ý_kiến", "học vào buổi sáng", "có hai lớp", "thi cuối kỳ", "như các môn khác", "được",
                "nên mở thêm lớp", "ba tín_chỉ", "cũng được"],
    "frames": {
        "positive": ["{0} {1} .", "{0} rất {1} .", "{0} {1} , em rất thích .", "nhờ {0} {1} nên em học tốt hơn .", "{1} ."],
        "negative": ["{0} {1} .", "{0} còn {1} .", "mong {0} đừng {1} nữa .", "{0} {1} nên sinh_viên không theo kịp .", "{1} ."],
        "neutral": ["{0} {1} .", "{1} .", "{0} thì {1} ."],
    },
}
FACES = {
    "vui": ["😂", "❤️", ":))", "😍", "=))"], "buồn": ["😭", ":((", "💔", "😢"], "giận": ["😡", "🤬", "👎"], "sợ": ["😱", "😨", ":("],
    "ghê": ["🤮", "🤢", "😷"], "ngạc nhiên": ["😮", ":o", "😳"], "khác": ["🤔", "@@", ":v"],
}
TEEN = {"không": ["ko", "k", "hok", "hông"], "được": ["dc", "đc"], "rồi": ["r", "ròi"], "quá": ["wá", "qá"], "gì": ["j"],
        "vậy": ["v", "z"], "mình": ["mk", "mik"], "nhân viên": ["nv"], "sản phẩm": ["sp"], "bình thường": ["bt"]}


def bare(text):
    text = text.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def clause(draw, label):
    topic = draw.choice(sorted(THINGS))
    thing = draw.choice(THINGS[topic])
    if label != "neutral" and draw.random() < 0.15:
        words = (BAD if label == "positive" else GOOD)[topic]
        return f"{thing} {draw.choice(DENIED[label]).format(draw.choice(words))}"
    words = {"positive": GOOD, "negative": BAD, "neutral": FACTS}[label][topic]
    return f"{thing} {draw.choice(MORE[label]).format(draw.choice(words))}"


def worn(draw, text):
    """What happens between the head and the phone."""
    words = text.split(" ")
    if draw.random() < 0.3:
        words = [draw.choice(TEEN[w]) if w in TEEN and draw.random() < 0.7 else w for w in words]
    if len(words) > 3 and draw.random() < 0.1:
        words.pop(draw.randrange(len(words)))
    if draw.random() < 0.1:
        at = draw.randrange(len(words))
        w = words[at]
        if len(w) > 2:
            i = draw.randrange(len(w) - 1)
            words[at] = w[:i] + w[i + 1] + w[i] + w[i + 2:]
    text = " ".join(words)
    if draw.random() < 0.1:
        text = bare(text)
    return text[0].upper() + text[1:] if draw.random() < 0.4 else text


def sentiment(draw):
    label = draw.choices(["positive", "negative", "neutral"], [49, 46, 5])[0]
    text = clause(draw, label)
    if label != "neutral" and draw.random() < 0.3:
        other = "negative" if label == "positive" else "positive"
        text = f"{draw.choice(['tuy', 'dù', ''])} {clause(draw, other)} {draw.choice(['nhưng', 'mà', 'nhưng mà'])} {text}".strip()
    elif draw.random() < 0.4:
        text = f"{text}, {clause(draw, label)}"
    return text, label


def emotion(draw):
    label = draw.choices(sorted(EMOTIONS), [10, 12, 18, 6, 8, 22, 24])[0]
    said = draw.choice(EMOTIONS[label])
    if draw.random() < 0.35:  # only half of the words are told
        parts = said.split(" ")
        said = draw.choice(parts)
    about = clause(draw, draw.choice(["positive", "negative", "neutral"]))
    return (f"{said}, {about}" if draw.random() < 0.5 else f"{about} {said}"), label


def course(draw):
    label = draw.choices(["positive", "negative", "neutral"], [50, 46, 4])[0]
    said = lambda which: draw.choice(COURSE["frames"][which]).format(draw.choice(COURSE["thing"]), draw.choice(COURSE[which]))
    if label != "neutral" and draw.random() < 0.3:
        other = "negative" if label == "positive" else "positive"
        return f"{'tuy ' if draw.random() < 0.5 else ''}{said(other)[:-2]} nhưng {said(label)}", label
    return f"{said(label)[:-2]} , {said(label)}" if draw.random() < 0.3 else said(label), label


def social(draw):
    label = draw.choices(["vui", "khác", "ghê", "buồn", "giận", "sợ", "ngạc nhiên"], [30, 20, 19, 15, 7, 5, 4])[0]
    said = draw.choice(EMOTIONS[label])
    if draw.random() < 0.45:
        said = draw.choice(said.split(" "))
    about = clause(draw, draw.choice(["positive", "negative", "neutral"])) if draw.random() < 0.7 else ""
    face = draw.choice(FACES[label if draw.random() < 0.8 else draw.choice(sorted(FACES))]) if draw.random() < 0.4 else ""
    return " ".join(part for part in (about, said, face) if part), label


def stars(draw):
    label = draw.choices("12345", [14, 4, 9, 18, 55])[0]
    good, bad, fact = (clause(draw, which) for which in ("positive", "negative", "neutral"))
    return {
        "1": f"{bad}, {clause(draw, 'negative')}", "2": f"{bad}, {fact}", "3": f"{good} nhưng {bad}",
        "4": f"{good}, {fact}", "5": draw.choice([good, f"{good}, {clause(draw, 'positive')}"]),
    }[label], label


def write(folder, name, draw, make, labels, texts):
    rows = []
    for _ in range(texts):
        text, label = make(draw)
        if draw.random() < 0.05:
            label = draw.choice(labels)
        rows.append((worn(draw, text), label))
    cut = texts * 4 // 5
    for part, some in (("train", rows[:cut]), ("test", rows[cut:])):
        with open(folder / f"{name}-{part}.csv", "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(["text", "label"])
            out.writerows(some)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--texts", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(options.seed)
    write(options.folder, "sentiment", draw, sentiment, ["positive", "negative", "neutral"], options.texts)
    write(options.folder, "emotion", draw, emotion, sorted(EMOTIONS), options.texts)
    write(options.folder, "course", draw, course, ["positive", "negative", "neutral"], options.texts)
    write(options.folder, "social", draw, social, sorted(EMOTIONS), options.texts)
    write(options.folder, "stars", draw, stars, list("12345"), options.texts)


if __name__ == "__main__":
    main()
