from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "omkering.web"
    label = "web"
