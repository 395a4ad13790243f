# SPDX-License-Identifier: Apache-2.0
"""moto's S3, which verifies the signature of each request."""

import json
import os
import pathlib
import re

import boto3
from botocore.config import Config

from checks import Process, wait_for

REGION, BUCKET = "eu-central-1", "news-pictures"
SETUP_REQUESTS = 4
"""Requests that moto takes without a signature: the user, its key, its policy, the bucket."""


class Storage:
    """moto's server with a bucket, and the credentials of a user who may use it."""

    def __init__(self, folder):
        self.folder, self.port = folder, 0
        self.start()
        self.credentials = self.create()
        self.s3 = self.client("s3", *self.credentials)

    def start(self):
        environment = {"PATH": os.environ["PATH"], "INITIAL_NO_AUTH_ACTION_COUNT": str(SETUP_REQUESTS)}
        log = self.folder / "moto.log"
        program = pathlib.Path(os.sys.executable).with_name("moto_server")
        self.process = Process([str(program), "--host", "127.0.0.1", "--port", str(self.port)], log, environment)
        self.port = int(wait_for(lambda: re.search(r"Running on http://127\.0\.0\.1:(\d+)", log.read_text()),
                                 30, lambda: f"moto does not start:\n{log.read_text()}")[1])

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def client(self, name, key, secret):
        return boto3.client(name, endpoint_url=self.url, region_name=REGION, aws_access_key_id=key,
                            aws_secret_access_key=secret, config=Config(retries={"max_attempts": 1}))

    def create(self):
        iam = self.client("iam", "setup", "setup")
        iam.create_user(UserName="wireroom")
        key = iam.create_access_key(UserName="wireroom")["AccessKey"]
        everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
        iam.put_user_policy(UserName="wireroom", PolicyName="all", PolicyDocument=json.dumps(everything))
        self.client("s3", "setup", "setup").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        return key["AccessKeyId"], key["SecretAccessKey"]

    def keys(self, prefix=""):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return [each["Key"] for page in pages for each in page.get("Contents", [])]

    def access(self, secret=None):
        """The environment of commands that are told by an option where pictures are."""
        return {
            "WIREROOM_MEDIA_ENDPOINT": self.url, "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": self.credentials[0],
            "AWS_SECRET_ACCESS_KEY": secret or self.credentials[1]}

    def settings(self, folder, secret=None, prefix="live"):
        """The environment of a server, and of commands for its database."""
        return {
            **self.access(secret), "WIREROOM_MEDIA": f"s3://{BUCKET}/{prefix}",
            "WIREROOM_MEDIA_CACHE": str(folder / "cache")}
