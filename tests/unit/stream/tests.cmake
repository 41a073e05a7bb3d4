orthrus_test(order SOURCES unit/stream/test_order.c LINKS stream)
