orthrus_test(alerting SOURCES unit/alerting/test_alerting.c unit/alerting/world.c LINKS alerting)
orthrus_test(attempts SOURCES unit/alerting/test_attempts.c unit/alerting/world.c LINKS alerting)
orthrus_test(detections SOURCES unit/alerting/test_detections.c unit/alerting/world.c LINKS alerting)
orthrus_test(detection_tools SOURCES unit/alerting/test_tools.c LINKS alerting)
