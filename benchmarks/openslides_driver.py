"""Runs inside OpenSlides 3.3's own environment (Python 3.8): 344 named, weighted votes on one motion, then stop.

Prints one JSON object: seconds for the votes and the result, and the weighted sums. Electronic voting is on.
"""

import json
import os
import sys
import tempfile
import time

folder = tempfile.mkdtemp(prefix="openslides-")
settings = os.path.join(folder, "settings.py")
from openslides.utils.main import write_settings  # noqa: E402

write_settings(folder, "settings.py")
text = open(settings).read().replace("ENABLE_ELECTRONIC_VOTING = False", "ENABLE_ELECTRONIC_VOTING = True")
text += "\nENABLE_ELECTRONIC_VOTING = True\nLOGGING = {'version': 1}\n"
text += "DATABASES['default']['NAME'] = %r\n" % os.path.join(folder, "db.sqlite3")
open(settings, "w").write(text)
sys.path.insert(0, folder)
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django  # noqa: E402

django.setup()

from asgiref.sync import async_to_sync  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.urls import reverse  # noqa: E402
from openslides.core.config import config  # noqa: E402
from openslides.motions.models import Motion, MotionPoll  # noqa: E402
from openslides.users.models import Group, User  # noqa: E402
from openslides.utils.cache import element_cache  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

call_command("migrate", verbosity=0)
async_to_sync(element_cache.async_ensure_cache)(reset=True)
config["users_activate_vote_weight"] = True
group = Group.objects.get(pk=3)  # delegates
weights = json.loads(sys.argv[1])
users = []
for number, weight in enumerate(weights):
    user = User(username="d%d" % number, is_present=True, vote_weight=weight)
    user.set_unusable_password()
    user.save(skip_autoupdate=True)
    user.groups.add(group)
    users.append(user)
motion = Motion(title="motion", text="text")
motion.save(skip_autoupdate=True)
poll = MotionPoll.objects.create(motion=motion, title="poll", pollmethod="YNA", type="named")
poll.create_options()
poll.groups.add(group)
poll.state = MotionPoll.STATE_STARTED
poll.save()
async_to_sync(element_cache.async_ensure_cache)(reset=True)
clients = []
for user in users:
    client = APIClient()
    client.force_login(user)
    clients.append(client)
url = reverse("motionpoll-vote", args=[poll.pk])
clients[0].post(url, {"data": "X"}, format="json")  # warm up: refused
started = time.perf_counter()
for number, client in enumerate(clients):
    answer = client.post(url, {"data": "YNA"[number % 3]}, format="json")
    assert answer.status_code == 200, answer.content
poll = MotionPoll.objects.get(pk=poll.pk)
poll.state = MotionPoll.STATE_FINISHED
poll.save()
option = poll.options.get()
result = {"Y": str(option.yes), "N": str(option.no), "A": str(option.abstain)}
print(json.dumps({"seconds": time.perf_counter() - started, "result": result}))
