import assert from "node:assert/strict";
import { certificatesIn } from "../../config/site/certificates.ts";
import { ofAnyStack } from "./bad/bad-case.ts";
import { certificatePem, wrongSites } from "./bad/site.ts";
import { problemsOf } from "./problems.ts";
import { publicImages, publicRegistries } from "../../components/images.ts";

/** The problems of a stack on minikube with these keys. */
const problemsWith = (keys: Record<string, unknown>) => problemsOf({ cluster: { kind: "minikube" }, ...keys });

describe("the keys of a site", () => {
  for (const [title, { keys, key, allowed, fix }] of Object.entries(wrongSites)) {
    it(`refuse ${title}`, () => {
      const [problem, ...others] = problemsWith(keys);
      assert.deepEqual([problem?.key, ofAnyStack(problem?.fix ?? ""), others], [key, fix, []]);
      assert.match(problem?.allowed ?? "", allowed);
    });
  }

  it("show no login, no key and no certificate", () => {
    const said = JSON.stringify(Object.values(wrongSites).flatMap(({ keys }) => problemsWith(keys)));
    assert.ok(!said.includes("hunter2") && !said.includes("BEGIN PRIVATE KEY") && !said.includes("MII"), said);
    assert.match(said, /found":"a private key/);
    assert.match(said, /old\.corp\.example, which expired on 2020-01-02/);
  });

  it("take certificates as one text and as a list, with what openssl prints between them", () => {
    const text = `subject=CN = ca\n${certificatePem}\nsubject=CN = other\n${certificatePem}`;
    assert.deepEqual(problemsWith({ caCertificates: text }), []);
    assert.deepEqual(certificatesIn([text, certificatePem]).length, 3);
  });

  it("take registries with ports and paths", () => {
    const keys = {
      imageRegistry: "localhost:5000/mlops",
      imageMirror: "mirror.corp.example:8443/public/hub",
      imageMirrors: { "docker.io": "111122223333.dkr.ecr.eu-central-1.amazonaws.com/hub" },
      imagePullSecrets: ["regcred", "mirror.login"],
      secrets: { registries: { "registry.corp.example:5000": { username: "robot", password: "x" } } },
    };
    assert.deepEqual(problemsWith(keys), []);
  });

  it("know the registry of each public image", () => {
    const hosts = Object.values(publicImages).map(({ repository }) => repository.split("/")[0]);
    assert.deepEqual(publicRegistries, [...new Set(hosts)].toSorted());
  });
});
