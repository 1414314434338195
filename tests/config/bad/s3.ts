const cluster = { kind: "existing", context: "team" };
export const keys = { accessKey: "AKIAEXAMPLE", secretKey: "example-secret" };
export const s3 = { endpoint: "https://s3.example.org", bucket: "mlops" };
/** A stack with an S3 of the site. */
export const valid = { cluster, minio: { enabled: false }, s3, secrets: { s3: keys } };

/** Wrong settings of the S3 in place of the valid ones, and the message. */
export const wrongS3: [what: string, change: Record<string, unknown>, message: RegExp][] = [
  ["an endpoint without a scheme", { endpoint: "s3.example.org" }, /^s3\.endpoint: .*scheme, host and port/],
  ["an endpoint with a path", { endpoint: "https://example.org/mlops" }, /^s3\.endpoint: .*without a path/],
  ["an endpoint with a login", { endpoint: "https://me:pw@example.org" }, /^s3\.endpoint: .*without a path/],
  ["plain HTTP outside the cluster", { endpoint: "http://10.1.2.3:9000" }, /^s3\.endpoint: .*s3\.allowPlaintext/],
  ["a bucket with a scheme", { bucket: "s3://mlops" }, /^s3\.bucket: .*name alone/],
  ["a bucket with a folder", { bucket: "mlops/team" }, /^s3\.bucket: .*s3\.prefix/],
  ["a bucket in capitals", { bucket: "MLOps" }, /^s3\.bucket: .*3 to 63 characters/],
  ["a bucket that is an address", { bucket: "10.1.2.3" }, /^s3\.bucket: .*3 to 63 characters/],
  ["a bucket with two dots", { bucket: "ml..ops" }, /^s3\.bucket: .*3 to 63 characters/],
  ["a prefix with a slash at its end", { prefix: "teams/ml/" }, /^s3\.prefix: .*without slashes at its ends/],
  ["a region that is a sentence", { region: "eu central" }, /^s3\.region: .*eu-central-1/],
  ["no address at all", { egress: [] }, /^s3\.egress: .*at least one/],
];
