import assert from "node:assert/strict";
import { validate } from "../../config.ts";
import { ConfigError, type ConfigProblem } from "../../config/errors.ts";
import { publicImages, publicRegistries } from "../../components/images.ts";

/** The problems of a stack on minikube with these keys. */
function problemsOf(keys: Record<string, unknown>): ConfigProblem[] {
  try {
    validate({ cluster: { kind: "minikube" }, ...keys });
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
}

/** What is said of a wrong key: its allowed values and the fix. */
interface Wrong {
  keys: Record<string, unknown>;
  key: string;
  allowed: RegExp;
  fix: string;
}

const wrong: Record<string, Wrong> = {
  "a registry with https://": {
    keys: { imageRegistry: "https://registry.corp.example/mlops" },
    key: "imageRegistry",
    allowed: /without https:\/\/ or a slash at the end/,
    fix: "pulumi config set --path 'imageRegistry' registry.corp.example/mlops",
  },
  "a mirror with a slash at the end": {
    keys: { imageMirror: "mirror.corp.example/hub/" },
    key: "imageMirror",
    allowed: /a slash at the end/,
    fix: "pulumi config set --path 'imageMirror' mirror.corp.example/hub",
  },
  "a mirror of a single registry with https://": {
    keys: { imageMirrors: { "quay.io": "https://mirror.corp.example/quay" } },
    key: 'imageMirrors["quay.io"]',
    allowed: /without https:/,
    fix: `pulumi config set --path 'imageMirrors["quay.io"]' mirror.corp.example/quay`,
  },
  "a mirror of a registry that no public image is in": {
    keys: { imageMirrors: { "ghcr.io": "mirror.corp.example/ghcr" } },
    key: 'imageMirrors["ghcr.io"]',
    allowed: /docker\.io, public\.ecr\.aws, quay\.io, registry\.k8s\.io/,
    fix: `pulumi config rm --path 'imageMirrors["ghcr.io"]'`,
  },
  "a pull secret with capitals": {
    keys: { imagePullSecrets: ["RegCred"] },
    key: "imagePullSecrets[0]",
    allowed: /the name of a Secret/,
    fix: "pulumi config set --path 'imagePullSecrets[0]' '<value>'",
  },
  "a login of a registry with https://": {
    keys: { secrets: { registries: { "https://registry.corp.example": { username: "a", password: "b" } } } },
    key: 'secrets.registries["https://registry.corp.example"]',
    allowed: /without https:\/\/ or a path/,
    fix: `pulumi config rm --path 'secrets.registries["https://registry.corp.example"]'`,
  },
};

describe("the keys of a site", () => {
  for (const [title, { keys, key, allowed, fix }] of Object.entries(wrong)) {
    it(`refuse ${title}`, () => {
      const [problem, ...others] = problemsOf(keys);
      assert.deepEqual([problem?.key, problem?.fix, others], [key, fix, []]);
      assert.match(problem?.allowed ?? "", allowed);
    });
  }

  it("take registries with ports and paths", () => {
    const keys = {
      imageRegistry: "localhost:5000/mlops",
      imageMirror: "mirror.corp.example:8443/public/hub",
      imageMirrors: { "docker.io": "111122223333.dkr.ecr.eu-central-1.amazonaws.com/hub" },
      imagePullSecrets: ["regcred", "mirror.login"],
      secrets: { registries: { "registry.corp.example:5000": { username: "robot", password: "x" } } },
    };
    assert.deepEqual(problemsOf(keys), []);
  });

  it("know the registry of each public image", () => {
    const hosts = Object.values(publicImages).map(({ repository }) => repository.split("/")[0]);
    assert.deepEqual(publicRegistries, [...new Set(hosts)].toSorted());
  });
});
