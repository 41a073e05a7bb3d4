orthrus_test(detections SOURCES unit/alerting/test_detections.c unit/alerting/world.c LINKS alerting)
