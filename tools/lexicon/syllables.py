"""What can be a Vietnamese syllable, tones aside: a beginning and a rime that go together."""

BEGINNINGS = " b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split(" ")

RIMES = """
a ai ao au ay am an ang anh ap at ac ach ăm ăn ăng ăp ăt ăc âm ân âng âp ât âc âu ây
e em en eng ep et ec eo ê êm ên ênh êp êt êch êu i im in inh ip it ich iu ia iêm iên iêng iêp iêt iêc iêu
o oi om on ong op ot oc oong ooc oa oai oao oay oam oan oang oanh oap oat oac oach oăm oăn oăng oăt oăc oe oen oeo oet
ô ôi ôm ôn ông ôp ôt ôc ơ ơi ơm ơn ơp ơt ơng u ui um un ung up ut uc ua uôi uôm uôn uông uôt uôc
uân uâng uât uây uê uên uêch uênh uy uya uyên uyêt uyn uynh uyt uych uyu uyp uơ
ư ưi ưm ưn ưng ưt ưc ưu ưa ươi ươm ươn ương ươp ươt ươc ươu y yêm yên yêt yêu yêng
""".split()


def fits(beginning, rime):
    if beginning == "qu":
        return rime[0] not in "uouôư" and not rime.startswith("o")
    if beginning == "gi":
        return rime[0] not in "iy"
    if beginning in ("k", "gh", "ngh"):
        return rime[0] in "eêiy"
    if beginning in ("c", "g", "ng"):
        return rime[0] not in "eêiy" or (beginning == "g" and rime[0] == "i")
    return True


def syllables():
    for beginning in BEGINNINGS:
        for rime in RIMES:
            if fits(beginning, rime):
                yield beginning + rime
