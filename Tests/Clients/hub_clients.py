# SPDX-License-Identifier: MIT
"""Downloads a repository from a simulated hub with the clients that Hugging Face and ModelScope give away.

usage: hub_clients.py ENDPOINT REPOSITORY FOLDER

Ends with 0 when both got the same files; what the simulated hub says is right by its own clients then.
"""

import os
import sys

ENDPOINT, REPOSITORY, FOLDER = sys.argv[1:]
# Both clients read these when they are imported. Xet is another way to the same files.
os.environ |= {
    "HF_ENDPOINT": ENDPOINT, "HF_HUB_DISABLE_XET": "1", "HF_HOME": f"{FOLDER}/hf-home", "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1", "MODELSCOPE_ENDPOINT": ENDPOINT, "MODELSCOPE_HOME": f"{FOLDER}/ms-home",
    "MODELSCOPE_CACHE": f"{FOLDER}/ms-cache", "MODELSCOPE_DOWNLOAD_INTRA_CLOUD": "0",
}

from huggingface_hub import HfApi, hf_hub_download, snapshot_download
from huggingface_hub.errors import EntryNotFoundError, GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError
from modelscope_hub import HubApi, HubError


def files(folder):
    """Every file below a folder with its content, the clients' own aside."""
    found = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".cache", "._"))]
        for name in names:
            with open(f"{parent}/{name}", "rb") as file:
                found[os.path.relpath(f"{parent}/{name}", folder)] = file.read()
    return found


def refused(kind, call):
    """Whether a call ends with an error of this kind."""
    try:
        call()
    except kind:
        return True
    return False


def main():
    """Downloads with both, and asks for what is not there."""
    info = HfApi().model_info(REPOSITORY, files_metadata=True)
    large = {file.rfilename: file.lfs.sha256 for file in info.siblings if file.lfs}
    assert large, "no file is in LFS"
    first = files(snapshot_download(REPOSITORY, local_dir=f"{FOLDER}/hf"))
    api = HubApi()
    second = files(api.download_repo(REPOSITORY, "model", local_dir=f"{FOLDER}/ms"))
    assert first == second, (sorted(first), sorted(second))
    assert sorted(first) == sorted(file.rfilename for file in info.siblings)
    assert refused(RepositoryNotFoundError, lambda: snapshot_download("nobody/nothing", local_dir=f"{FOLDER}/none"))
    assert refused(RevisionNotFoundError, lambda: snapshot_download(REPOSITORY, revision="v9", local_dir=f"{FOLDER}/none"))
    assert refused(EntryNotFoundError, lambda: hf_hub_download(REPOSITORY, "nothing.bin", local_dir=f"{FOLDER}/none"))
    assert refused(GatedRepoError, lambda: hf_hub_download("a/gated", "config.json", local_dir=f"{FOLDER}/none"))
    assert refused(HubError, lambda: api.download_repo("nobody/nothing", "model", local_dir=f"{FOLDER}/none"))
    print("hub clients: ok")


main()
