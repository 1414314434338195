import { ownImages, publicImages } from "../../../components/images.ts";
import type { Check } from "../check.ts";
import { containersOf, merge, oneLine } from "../pods.ts";

const reasons = /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|RegistryUnavailable)$/;

export const imageNotPulled: Check = {
  id: "image-not-pulled",
  severity: "error",
  looksAt: "the state of every container",
  means:
    "The node cannot pull a container's image: the image does not exist, access is denied, or the reference is invalid.",
  remedy: "Push the image, or set an existing one. For a private registry, allow the nodes to pull.",
  threads: ["https://github.com/airflow-helm/charts/issues/445", "https://github.com/apache/airflow/pull/34579"],
  kinds: ["pods"],
  find: ({ of }) =>
    merge(
      containersOf(of("pods")).flatMap(({ status, where }) => {
        const { reason = "", message } = status.state?.waiting ?? {};
        if (!reasons.test(reason)) return [];
        const found = `${status.image}: ${oneLine(reasonOf(message) ?? reason)}`;
        return [{ where, found, remedy: remedyOf(status.image) }];
      }),
    ),
};

/** The registry's own words, which a kubelet that backs off repeats at the end of its message. */
function reasonOf(message = ""): string | undefined {
  const [, last] = /(?:desc = |: )((?:[^:]|:(?!\s))+)$/.exec(message.trim()) ?? [];
  return last === undefined || last.length < 4 ? message || undefined : last;
}

/** Where a stack says which image it is. */
function remedyOf(image: string): string {
  const repository = image.replace(/@.*$/, "").replace(/:[^/]*$/, "");
  const name = repository.slice(repository.lastIndexOf("/") + 1);
  const isPublic = Object.values(publicImages).some((one) => one.repository.endsWith(`/${name}`));
  const isOwn = ownImages.some((own) => own === name);
  if (isOwn && repository.startsWith("localhost/")) {
    return "make up, which builds and loads it; on a cluster other than minikube, set imageRegistry and run `make images REGISTRY=…`";
  }
  // Only the program names an own image by its digest: it has built and pushed it.
  if (isOwn && image.includes("@sha256:")) {
    return "make up, which builds and pushes it if it is not there; if access is denied, let the nodes pull from that registry";
  }
  if (isOwn && !(isPublic && repository.includes("apache/"))) {
    return `make images REGISTRY=${repository.slice(0, -name.length - 1)} and check imageRegistry and imageTag`;
  }
  if (isPublic && image.includes("@sha256:")) {
    return "make pulls shows whether it exists; if it was loaded manually: scripts/pulumi config set --stack <stack> --path cluster.imageDigests false";
  }
  if (isPublic)
    return "make pulls shows whether it exists; for a mirror: scripts/pulumi config set --stack <stack> imageMirror <host>";
  return "correct the name in airflow.image, minio.image, airflow.dags.image or the DAG's own image=";
}
