"""The MQTT adapter: the only package that knows aiomqtt. It needs no more than MQTT 3.1.1."""
