/* The journey map of the mock server: the stages of the standard template with a retailer's touchpoints. */
const kinds = (...is) => [{ field: 'kind', is }];
const feel = (word, metric, at_least) => ({ word, metric, at_least });
const then = (name, kind, within) => ({ name, when: kinds(kind), within });

export const stages = [
  ['truyen-thong', 'Truyền thông'],
  ['thu-nghiem', 'Thử nghiệm sản phẩm'],
  ['ho-tro-ban', 'Hỗ trợ bán hàng'],
  ['mua-hang', 'Mua hàng'],
  ['giao-nhan', 'Giao nhận'],
  ['cham-soc', 'Chăm sóc sau bán'],
  ['gan-bo', 'Gắn bó'],
].map(([id, name]) => ({ id, name, description: '' }));

const point = (id, name, stage, channel, metric, where, more = {}) => ({
  id, name, stage, lane: more.lane ?? 'kinh-doanh', function: more.function ?? '', task: more.task ?? '',
  required_emotion: more.required ?? null, sufficient_emotion: more.sufficient ?? null, next_act: more.next ?? null,
  department: more.department ?? 'Kinh doanh', channel, dimension: more.dimension ?? 'PX', metric, moment_that_matters: more.moment ?? false, where,
});

export const touchpoints = [
  point('quang-cao', 'Quảng cáo Facebook', 'truyen-thong', 'facebook', null, kinds('Ad Clicked'), { function: 'Đưa khách quan tâm tới cửa hàng', task: 'Nhận ra món mình cần', department: 'Tiếp thị', dimension: 'BX', next: then('Xem sản phẩm', 'Product Viewed', '3d') }),
  point('trang-san-pham', 'Trang sản phẩm', 'thu-nghiem', 'web', 'ces', kinds('Product Viewed', 'CES Product'), { function: 'Cho khách hiểu và so sánh', task: 'Chọn được món phù hợp', dimension: 'DX', next: then('Thêm vào giỏ', 'Product Added', '7d'), required: feel('Dễ hiểu', 'ces', 5), sufficient: feel('Hứng thú', 'ces', 6) }),
  point('thu-tai-cua-hang', 'Thử tại cửa hàng', 'thu-nghiem', 'store', 'csat', kinds('Store Visited', 'CSAT Store'), { function: 'Cho khách chạm và thử', task: 'Thử sản phẩm thật', department: 'Cửa hàng', next: then('Mua hàng', 'Order Completed', '14d'), required: feel('Được chào đón', 'csat', 75), sufficient: feel('Phấn khích', 'csat', 85), moment: true }),
  point('chat-zalo', 'Tư vấn qua Zalo', 'ho-tro-ban', 'zalo', 'csat', kinds('Chat Started', 'CSAT Chat'), { function: 'Trả lời trước khi mua', task: 'Hỏi và được trả lời ngay', department: 'Chăm sóc khách hàng', next: then('Thêm vào giỏ', 'Product Added', '2d'), required: feel('Được lắng nghe', 'csat', 75), sufficient: feel('Tin cậy', 'csat', 85) }),
  point('gio-hang', 'Giỏ hàng', 'mua-hang', 'app', null, kinds('Product Added'), { function: 'Gom món cần mua', task: 'Kiểm lại giá và phí', dimension: 'UX', next: then('Thanh toán', 'Payment Attempted', '2d') }),
  point('thanh-toan', 'Thanh toán', 'mua-hang', 'app', 'ces', kinds('Payment Attempted', 'Order Completed', 'CES Payment'), { function: 'Nhận tiền an toàn, đúng ý khách', task: 'Trả tiền trong một lần', department: 'Sản phẩm số', dimension: 'UX', next: then('Nhận hàng', 'Order Delivered', '5d'), required: feel('Yên tâm', 'ces', 5.5), sufficient: feel('Nhẹ nhàng', 'ces', 6.2), moment: true }),
  point('giao-hang', 'Giao hàng', 'giao-nhan', 'delivery', 'csat', kinds('Order Delivered', 'CSAT Delivery'), { function: 'Đưa hàng tới tay khách đúng hẹn', task: 'Nhận đúng hàng, đúng giờ', department: 'Giao vận', lane: 'van-hanh', next: then('Mua lại', 'Order Completed', '60d'), required: feel('An tâm', 'csat', 80), sufficient: feel('Hài lòng', 'csat', 90), moment: true }),
  point('mo-hop', 'Mở hộp và lắp đặt', 'giao-nhan', 'qr', 'csat', kinds('CSAT Unboxing'), { function: 'Để lần dùng đầu tiên suôn sẻ', task: 'Dùng được ngay', department: 'Sản phẩm' }),
  point('tong-dai', 'Tổng đài 1900', 'cham-soc', 'phone', 'csat', kinds('Call Answered', 'CSAT Call'), { function: 'Giải quyết trong một cuộc gọi', task: 'Được giải quyết, không phải nhắc lại', department: 'Chăm sóc khách hàng', next: then('Không gọi lại', 'Case Closed', '7d'), required: feel('Được tôn trọng', 'csat', 75), sufficient: feel('Biết ơn', 'csat', 85) }),
  point('doi-tra', 'Đổi trả', 'cham-soc', 'store', 'ces', kinds('Return Requested', 'CES Return'), { function: 'Sửa lỗi của lần mua', task: 'Đổi trả không phiền', department: 'Cửa hàng', required: feel('Công bằng', 'ces', 5) }),
  point('gioi-thieu', 'Giới thiệu bạn bè', 'gan-bo', 'email', 'nps', kinds('NPS Answered'), { function: 'Biến khách hài lòng thành người giới thiệu', task: 'Nói lời thật lòng về công ty', department: 'Tiếp thị', dimension: 'BX', required: feel('Tin tưởng', 'nps', 20), sufficient: feel('Yêu mến', 'nps', 50) }),
];

export const journey = (empty) => ({
  id: 'mua-hang', name: 'Mua hàng và giao nhận', description: '', version: 3, published_ms: Date.UTC(2026, 4, 2), draft: false, etag: '"3"',
  stages, lanes: [{ id: 'kinh-doanh', name: 'Kinh doanh', department: 'Kinh doanh' }, { id: 'van-hanh', name: 'Vận hành', department: 'Vận hành' }], touchpoints: empty ? [] : touchpoints,
});
