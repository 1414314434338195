import { cloud, deployment, type Example, object } from "./example.ts";

// Written in two parts, so that no scanner takes the examples for keys.
const awsKey = ["AKIA", "ABCDEFGHIJKLMNOP"].join("");
const googleKey = `{"type":"service_account","private_key": "${["-----BEGIN", "PRIVATE KEY-----"].join(" ")}"}`;
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Rules about keys and passwords. */
export const secrets: Example[] = [
  {
    rule: "no-static-cloud-keys",
    title: "a role and a generated password",
    resources: [cloud("aws:iam/role:Role", {}), object("Secret", { stringData: { AWS_SECRET_ACCESS_KEY: "x7Gh2" } })],
    violations: [],
  },
  {
    rule: "no-static-cloud-keys",
    title: "resources that are keys",
    resources: [cloud("aws:iam/accessKey:AccessKey", {}), cloud("gcp:serviceaccount/key:Key", {})],
    violations: [
      "aws:iam/accessKey:AccessKey main is a key that never expires",
      "gcp:serviceaccount/key:Key main is a key that never expires",
    ],
  },
  {
    rule: "no-static-cloud-keys",
    title: "keys in a Secret, plain and in base64, and in a chart's values",
    resources: [
      object("Secret", { stringData: { id: awsKey } }),
      object("Secret", { data: { "key.json": base64(googleKey) } }),
      cloud("kubernetes:helm.sh/v4:Chart", { values: { env: [{ name: "MAPS", value: `AIza${"x".repeat(35)}` }] } }),
    ],
    violations: [
      "mlops/Secret/main holds an AWS access key in stringData.id",
      "mlops/Secret/main holds a key of a Google service account in data.key.json",
      "kubernetes:helm.sh/v4:Chart main holds a Google API key in values.env.0.value",
    ],
  },
  {
    rule: "no-default-password",
    title: "a generated one, referred to",
    resources: [
      object("Secret", { stringData: { password: "kP93hhs81Lqwe" } }),
      deployment({
        env: [{ name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "main", key: "password" } } }],
        args: ["--user=admin", "--password=$(PGPASSWORD)"],
      }),
    ],
    violations: [],
  },
  {
    rule: "no-default-password",
    title: "well-known ones, in a Secret, in a URL, in a chart's values and of a database",
    resources: [
      object("Secret", {
        data: { password: base64("minioadmin"), url: base64("postgresql://airflow:airflow@host/db") },
      }),
      cloud("kubernetes:helm.sh/v4:Chart", { values: { webserver: { defaultUser: { password: "admin" } } } }),
      cloud("aws:rds/instance:Instance", { password: "changeme" }),
    ],
    violations: [
      "mlops/Secret/main has a default password in data.password",
      "mlops/Secret/main has a default password in data.url",
      "kubernetes:helm.sh/v4:Chart main has a default password in values.webserver.defaultUser.password",
      "aws:rds/instance:Instance main has a default password in password",
    ],
  },
  {
    rule: "no-default-password",
    title: "any password that the pod itself shows",
    resources: [
      deployment({
        env: [{ name: "PGPASSWORD", value: "kP93hhs81Lqwe" }],
        args: ["--password", "kP93hhs81Lqwe", "--admin-password=kP93hhs81Lqwe"],
      }),
    ],
    violations: [
      "mlops/Deployment/main shows the password PGPASSWORD in spec.template.spec.containers.0.env.0.value",
      "mlops/Deployment/main names a password in spec.template.spec.containers.0.args.1",
      "mlops/Deployment/main names a password in spec.template.spec.containers.0.args.2",
    ],
  },
];
