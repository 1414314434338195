import assert from "node:assert/strict";
import { trustPolicy } from "../../components/cluster/eks/eks-irsa.ts";
import { serviceTrust } from "../../components/cluster/eks/eks-policies.ts";
import { trustProblems } from "./trust-rules.ts";

const issuer = "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE";
const arn = `arn:aws:iam::111122223333:oidc-provider/${issuer}`;
const right = trustPolicy({ arn, issuer }, { namespace: "mlops", name: "airflow-worker" });

/** The right policy with some of its statement replaced. */
const changed = (change: object): object => ({
  ...right,
  Statement: right.Statement.map((own) => ({ ...own, ...change })),
});
const subject = { [`${issuer}:sub`]: "system:serviceaccount:mlops:airflow-worker" };
const audience = { [`${issuer}:aud`]: "sts.amazonaws.com" };

const wrong: Record<string, [policy: unknown, problem: RegExp]> = {
  anyone: [changed({ Principal: "*" }), /principal that is not one/],
  "an account": [changed({ Principal: { AWS: "arn:aws:iam::111122223333:root" } }), /the principal/],
  "two principals": [changed({ Principal: { Federated: arn, Service: "ec2.amazonaws.com" } }), /not one/],
  "another provider's tokens": [changed({ Principal: { Federated: `${arn}OTHER` } }), /no service account/],
  "no audience": [changed({ Condition: { StringEquals: subject } }), /no audience/],
  "another audience": [
    changed({ Condition: { StringEquals: { ...subject, [`${issuer}:aud`]: "example.org" } } }),
    /no audience/,
  ],
  "no subject": [changed({ Condition: { StringEquals: audience } }), /no service account/],
  "every account of a namespace": [
    changed({ Condition: { StringEquals: { ...audience, [`${issuer}:sub`]: "system:serviceaccount:mlops:*" } } }),
    /no service account/,
  ],
  "a list of accounts": [
    changed({
      Condition: {
        StringEquals: {
          ...audience,
          [`${issuer}:sub`]: ["system:serviceaccount:mlops:a", "system:serviceaccount:mlops:b"],
        },
      },
    }),
    /no service account/,
  ],
  "a pattern": [changed({ Condition: { StringLike: { ...subject, ...audience } } }), /StringLike/],
  "no condition": [changed({ Condition: undefined }), /no service account/],
  "an action without a token": [changed({ Action: "sts:AssumeRole" }), /another kind/],
  "a second statement": [{ ...right, Statement: [...right.Statement, ...right.Statement] }, /2 statements/],
  "another service": [serviceTrust("lambda.amazonaws.com"), /the service lambda/],
};

describe("the rules for trust policies", () => {
  it("let the program's own through", () => {
    assert.deepEqual(trustProblems(right), []);
    assert.deepEqual(trustProblems(serviceTrust("ec2.amazonaws.com")), []);
  });

  for (const [who, [policy, problem]] of Object.entries(wrong)) {
    it(`refuse one that trusts ${who}`, () => {
      assert.match(trustProblems(policy).join("; "), problem);
    });
  }
});
