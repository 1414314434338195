"""What the builds of scripts/images take from the site: mirrors, a proxy, certificate authorities, package indexes."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY")
EXCEPTIONS = ("NO_PROXY",)
# What must be a URL, and an example of each.
URLS = (
    (PROXIES, "http://proxy.corp.example:3128"),
    (("UV_DEFAULT_INDEX", "PIP_INDEX_URL"), "https://pypi.corp.example/simple"),
    (("DEBIAN_MIRROR",), "https://mirror.corp.example/debian"),
)

# Never mounted over an image's own list: buildah takes the file of a mount away when the step ends.
SITE_AUTHORITIES = "/run/secrets/ca.pem"
IMAGE_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


class StackKeys(TypedDict, total=False):
    """What scripts/stack/builds.ts prints."""

    platforms: list[str]
    bases: dict[str, str]
    proxy: dict[str, str]
    proxyLogin: bool
    authorities: str


class SiteError(Exception):
    """A stack file or an environment that a build cannot use."""


@dataclass(frozen=True)
class Site:
    """What a build takes from the site; the default is a build on the open internet."""

    platforms: list[str] = field(default_factory=list)
    # Base images as Dockerfiles name them, and where they are pulled from.
    bases: dict[str, str] = field(default_factory=dict)
    # Variables by name.
    proxies: dict[str, str] = field(default_factory=dict)
    # Files that a RUN instruction mounts, by the secret's id: they may hold a login, and no layer keeps them.
    files: dict[str, str] = field(default_factory=dict)


def read_site(stack: str, environment: Mapping[str, str]) -> Site:
    """The stack's keys, and over them the environment of the build."""
    refuse_wrong_urls(environment)
    found = keys_of(stack) if stack else StackKeys()
    # NO_PROXY alone names no proxy, so that it replaces only the stack's own exceptions.
    own = spelled(environment, PROXIES)
    if not own and found.get("proxyLogin"):
        raise SiteError(
            f"the proxy's login is encrypted in Pulumi.{stack}.yaml: set HTTPS_PROXY and HTTP_PROXY to URLs with it"
        )
    of_stack = found.get("proxy", {})
    proxies = own or spelled(of_stack, PROXIES)
    if proxies:
        proxies |= spelled(environment, EXCEPTIONS) or spelled(of_stack, EXCEPTIONS)
    authorities = found.get("authorities")
    # pip has a list of its own unless it is told.
    trusted = IMAGE_AUTHORITIES if authorities is None else SITE_AUTHORITIES
    files = index_files(environment, trusted) | debian_files(environment, has_authorities=authorities is not None)
    if authorities is not None:
        files = {"pip.conf": pip_settings(trusted, []), **files, "ca.pem": authorities}
    return Site(found.get("platforms", []), found.get("bases", {}), proxies, files)


def refuse_wrong_urls(environment: Mapping[str, str]) -> None:
    """Names every variable that is not the URL that a build needs; never its value, which may hold a password."""
    wrong = [
        f"{name} is not a URL such as {example}"
        for names, example in URLS
        for name in spelled(environment, names)
        if not is_url(environment[name])
    ]
    if wrong:
        raise SiteError("\n  ".join(["the environment of the build is wrong:", *wrong]) if len(wrong) > 1 else wrong[0])


def is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:
        # Brackets around something other than an IPv6 address, or a port that is not a number.
        return False


def spelled(variables: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """The variables of these names that have a value, in capitals and in small letters."""
    return {name: variables[name] for both in names for name in (both, both.lower()) if variables.get(name)}


def keys_of(stack: str) -> StackKeys:
    """What scripts/stack/builds.ts reads in the stack's file."""
    command = ["node_modules/.bin/node", "scripts/stack/builds.ts", stack]
    try:
        found = subprocess.run(command, check=True, text=True, capture_output=True, timeout=60)
    except FileNotFoundError as error:
        raise SiteError("STACK is read with the packages of npm: run `make images`, which installs them") from error
    except subprocess.CalledProcessError as error:
        raise SiteError(error.stderr.strip().removeprefix("scripts/stack/builds.ts: ")) from error
    keys: StackKeys = json.loads(found.stdout)
    return keys


def index_files(environment: Mapping[str, str], trusted: str) -> dict[str, str]:
    """The settings of pip and uv for another index than PyPI, from the variable of either."""
    url = environment.get("UV_DEFAULT_INDEX") or environment.get("PIP_INDEX_URL")
    if not url:
        return {}
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    pip = [f"index-url = {url}"]
    if parts.scheme == "http":
        pip.append(f"trusted-host = {host}")
    return {"pip.conf": pip_settings(trusted, pip), "uv.toml": f"[[index]]\nurl = {json.dumps(url)}\ndefault = true\n"}


def pip_settings(trusted: str, own: list[str]) -> str:
    return "\n".join(["[global]", f"cert = {trusted}", *own, ""])


def debian_files(environment: Mapping[str, str], has_authorities: bool) -> dict[str, str]:
    """The settings of apt for a mirror of Debian, which takes the place of every other source."""
    url = environment.get("DEBIAN_MIRROR")
    if not url:
        return {}
    settings = [
        'Dir::Etc::SourceList "/run/secrets/debian.list";',
        'Dir::Etc::SourceParts "-";',
        *([f'Acquire::https::CaInfo "{SITE_AUTHORITIES}";'] if has_authorities else []),
        "",
    ]
    suites = "".join(f"deb {url} {suite} main\n" for suite in ("bookworm", "bookworm-updates"))
    return {"apt.conf": "\n".join(settings), "debian.list": suites}


@contextmanager
def secret_files(files: Mapping[str, str]) -> Iterator[dict[str, Path]]:
    """The files, which only this user can read while a build runs, by the secret's id."""
    with tempfile.TemporaryDirectory(prefix="images-") as folder:
        paths = {name: Path(folder) / name for name in files}
        for name, path in paths.items():
            path.write_text(files[name], encoding="utf-8")
        yield paths


def bake_overrides(targets: list[str], site: Site, paths: Mapping[str, Path]) -> dict[str, object]:
    """
    A bake file over the list of images.

    A proxy's URL may hold a login, which any process could read among the arguments. Docker keeps these build
    arguments out of images and of its cache.
    """
    one: dict[str, object] = {
        "args": site.proxies,
        # Docker compares names without the registry and the folder that it leaves out in its own output.
        "contexts": {familiar(base): f"docker-image://{mirror}" for base, mirror in site.bases.items()},
        "secret": [f"type=file,id={name},src={path}" for name, path in paths.items()],
    }
    entry = {name: value for name, value in one.items() if value}
    return {"target": dict.fromkeys(targets, entry)} if entry else {}


def buildah_site_options(site: Site, paths: Mapping[str, Path]) -> list[str]:
    contexts = [f"--build-context={base}=docker-image://{mirror}" for base, mirror in site.bases.items()]
    return [*contexts, *(f"--secret=id={name},src={path}" for name, path in paths.items())]


def familiar(image: str) -> str:
    return image.removeprefix("docker.io/").removeprefix("library/")
