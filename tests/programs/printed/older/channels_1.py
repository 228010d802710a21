"""The chat of the documentation of Channels 1, without its groups."""


def ws_connect(message):
    message.reply_channel.send({"accept": True})


def ws_message(message):
    message.reply_channel.send({"text": "[user] " + message.content["text"]})


class Chat:
    """What WebsocketConsumer of Channels 1 has."""

    channel_names = ("websocket.connect", "websocket.receive")

    def __init__(self, message, **kwargs):
        self.message = message

    @classmethod
    def as_route(cls, attrs=None, **kwargs):
        return cls, attrs, kwargs


app = ws_message
