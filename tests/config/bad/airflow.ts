import type { BadCase } from "./bad-case.ts";

const cluster = { kind: "minikube" };

/** What is wrong, and the parts that its message must have. */
interface Wrong {
  airflow?: object;
  secrets?: object;
  key: string;
  found: string;
  allowed: string;
  fix: string;
}

const setting = (section: string, option: string, value: unknown) => ({ config: { [section]: { [option]: value } } });

/** A chart value that is refused, with a part of the reason. */
function refused(values: object, key: string, allowed: string, found = ""): Wrong {
  return { airflow: { values }, key: `airflow.values.${key}`, found, allowed, fix: "pulumi config rm --path" };
}

const values: Record<string, Wrong> = {
  "root by its number": refused({ uid: 0 }, "uid", "Pod Security refuses it"),
  "root in a context": refused(
    { scheduler: { securityContexts: { pod: { runAsUser: 0 } } } },
    "scheduler.securityContexts.pod.runAsUser",
    "Pod Security refuses it",
  ),
  "a privileged container": refused(
    { scheduler: { extraContainers: [{ name: "x", securityContext: { privileged: true } }] } },
    "scheduler.extraContainers[0].securityContext.privileged",
    "Pod Security refuses it",
  ),
  "no context": refused({ securityContexts: { pod: null } }, "securityContexts.pod", "Pod Security refuses it"),
  "a folder of the node": refused(
    { volumes: [{ name: "x", hostPath: { path: "/" } }] },
    "volumes[0].hostPath",
    "Pod Security refuses it",
  ),
  hooks: refused({ createUserJob: { useHelmHooks: true } }, "createUserJob.useHelmHooks", "does not run Helm's hooks"),
  "a random Fernet key": refused({ fernetKeySecretName: null }, "fernetKeySecretName", "use rotation.fernet"),
  "a random signing key": refused({ jwtSecretName: "" }, "jwtSecretName", "use rotation.sessions"),
  "the database": refused({ data: { metadataConnection: { pass: "hunter2" } } }, "data", "use postgres"),
  "the chart's Postgres": refused({ postgresql: { enabled: true } }, "postgresql", "use postgres"),
  "the chart's roles": refused({ rbac: { create: true } }, "rbac", "an account with the few rights"),
  "another account": refused(
    { scheduler: { serviceAccount: { create: true } } },
    "scheduler.serviceAccount",
    "an account with the few rights",
  ),
  "the chart's policies": refused({ networkPolicies: { enabled: true } }, "networkPolicies", "use airflow.egress"),
  "a password as an argument": refused(
    { createUserJob: { args: ["airflow", "users", "create", "-p", "hunter2"] } },
    "createUserJob.args",
    "whose password is not an argument",
  ),
  "an image that moves": refused({ images: { statsd: { tag: "latest" } } }, "images.statsd.tag", "a single build"),
  "a sidecar that moves": refused(
    { scheduler: { extraContainers: [{ name: "x", image: "busybox" }] } },
    "scheduler.extraContainers[0].image",
    "an image with a tag of a single build",
  ),
  "Airflow's own image": refused({ images: { airflow: { tag: "3.3.2" } } }, "images.airflow", "use airflow.image"),
  "airflow.cfg": refused({ config: { core: { parallelism: 8 } } }, "config", "use airflow.config"),
  "secrets in the chart": refused(
    { extraSecrets: { x: { data: "hunter2" } } },
    "extraSecrets",
    "secrets.airflow.environment",
  ),
  "the database's URL of a component": refused(
    { scheduler: { env: [{ name: "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", value: "x" }] } },
    "scheduler.env[0].name",
    "use postgres",
  ),
  "a secret of a component": refused(
    { scheduler: { env: [{ name: "API_TOKEN", value: "hunter2" }] } },
    "scheduler.env[0]",
    "its place is secrets.airflow.environment",
    "API_TOKEN",
  ),
  "what the chart ignores": refused(
    { workers: { resources: { limits: { cpu: "1" } } } },
    "workers.resources",
    "the chart ignores it",
  ),
};

const bad: Record<string, Wrong> = {
  ...values,
  "an executor in airflow.cfg": {
    airflow: setting("core", "executor", "LocalExecutor"),
    key: "airflow.config.core.executor",
    found: "a text",
    allowed: "the platform sets it: use airflow.executor",
    fix: "config rm --path 'airflow.config.core.executor'",
  },
  "the database": {
    airflow: setting("database", "sql_alchemy_conn_cmd", "cat /url"),
    key: "airflow.config.database.sql_alchemy_conn_cmd",
    found: "a text",
    allowed: "use postgres",
    fix: "pulumi config rm",
  },
  "the connection of the logs": {
    airflow: setting("logging", "remote_log_conn_id", "logs"),
    key: "airflow.config.logging.remote_log_conn_id",
    found: "a text",
    allowed: "use airflow.logs",
    fix: "pulumi config rm",
  },
  "what the probes ask": {
    airflow: setting("scheduler", "enable_health_check", false),
    key: "airflow.config.scheduler.enable_health_check",
    found: "false",
    allowed: "the scheduler's probes ask it",
    fix: "pulumi config rm",
  },
  "the Fernet key in the environment": {
    airflow: { environment: { AIRFLOW__CORE__FERNET_KEY: "hunter2" } },
    key: "airflow.environment.AIRFLOW__CORE__FERNET_KEY",
    found: "a text",
    allowed: "use rotation.fernet",
    fix: "pulumi config rm",
  },
  "the Fernet key in the secret environment": {
    secrets: { environment: { AIRFLOW__CORE__FERNET_KEY_SECRET: "hunter2" } },
    key: "secrets.airflow.environment.AIRFLOW__CORE__FERNET_KEY_SECRET",
    found: "[secret]",
    allowed: "use rotation.fernet",
    fix: "remove secrets.airflow.environment.AIRFLOW__CORE__FERNET_KEY_SECRET, if you have its value elsewhere",
  },
  "another account of the log store": {
    secrets: { environment: { AWS_ACCESS_KEY_ID: "hunter2" } },
    key: "secrets.airflow.environment.AWS_ACCESS_KEY_ID",
    found: "[secret]",
    allowed: "use a connection for another store",
    fix: "remove secrets.airflow.environment.AWS_ACCESS_KEY_ID, if you have its value elsewhere",
  },
  "a password in airflow.cfg": {
    airflow: setting("smtp", "smtp_password", "hunter2"),
    key: "airflow.config.smtp.smtp_password",
    found: "a value whose name, smtp_password, is that of a secret",
    allowed: "its place is secrets.airflow.connections.smtp_default.password",
    fix: "config set --secret --path 'secrets.airflow.connections.smtp_default.type' smtp && scripts/pulumi config set --secret --path 'secrets.airflow.connections.smtp_default.password' && scripts/pulumi config rm --path 'airflow.config.smtp.smtp_password'",
  },
  "a token inside of a backend's arguments": {
    airflow: setting("secrets", "backend_kwargs", '{"url": "https://vault.example.org", "token": "hunter2"}'),
    key: "airflow.config.secrets.backend_kwargs",
    found: "a value whose name, token, is that of a secret",
    allowed: "secrets.airflow.environment.AIRFLOW__SECRETS__BACKEND_KWARGS",
    fix: "--secret",
  },
  "a URL with a password in the environment": {
    airflow: { environment: { AIRFLOW_CONN_WAREHOUSE: "postgres://me:hunter2@db.example.org/x" } },
    key: "airflow.environment.AIRFLOW_CONN_WAREHOUSE",
    found: "a text",
    allowed: "its place is secrets.airflow.connections.warehouse",
    fix: "--secret --path 'secrets.airflow.connections.warehouse' && scripts/pulumi config rm",
  },
  "a key inside of a variable": {
    airflow: { variables: { weather: { url: "https://weather.example.org", api_key: "hunter2" } } },
    key: "airflow.variables.weather",
    found: "a value whose name, api_key, is that of a secret",
    allowed: "secrets.airflow.variables.weather",
    fix: "--secret",
  },
  "a percent sign that Airflow would follow": {
    airflow: setting("logging", "log_format", "100% sure"),
    key: "airflow.config.logging.log_format",
    found: '"100% sure"',
    allowed: "each % written as %%",
    fix: "config set --path",
  },
  "a setting on two lines": {
    airflow: setting("core", "hostname_callable", "a\nb"),
    key: "airflow.config.core.hostname_callable",
    found: String.raw`"a\nb"`,
    allowed: "a text on one line",
    fix: "config set --path",
  },
  "a section without options": {
    airflow: { config: { core: 8 } },
    key: "airflow.config.core",
    found: "8",
    allowed: "an object",
    fix: "write airflow.config.core as an object",
  },
  "a variable's name with a dash": {
    airflow: { environment: { "MY-VARIABLE": "x" } },
    key: "airflow.environment.MY-VARIABLE",
    found: '"MY-VARIABLE"',
    allowed: "an environment variable's name",
    fix: "config rm --path 'airflow.environment.MY-VARIABLE'",
  },
  "a connection id with a space": {
    secrets: { connections: { "my warehouse": "postgres://x" } },
    key: 'secrets.airflow.connections["my warehouse"]',
    found: '"my warehouse"',
    allowed: "letters, digits, -, _ and . such as warehouse_db: it becomes a variable's name",
    fix: 'rename secrets.airflow.connections["my warehouse"] to secrets.airflow.connections.my-warehouse',
  },
  "a connection that is no URI": {
    secrets: { connections: { warehouse: "hunter2" } },
    key: "secrets.airflow.connections.warehouse",
    found: "[secret]",
    allowed: "a URI such as postgres://",
    fix: "config set --secret --path 'secrets.airflow.connections.warehouse'",
  },
  "a connection without a type": {
    secrets: { connections: { warehouse: { host: "db.example.org" } } },
    key: "secrets.airflow.connections.warehouse.type",
    found: "nothing",
    allowed: "a type such as postgres",
    fix: "--secret",
  },
  "the connection of the DAG repository": {
    secrets: { connections: { git_dags: "git://x" } },
    key: "secrets.airflow.connections.git_dags",
    found: "[secret]",
    allowed: "use airflow.dags",
    fix: "remove secrets.airflow.connections.git_dags, if you have its value elsewhere",
  },
  "two connections that Airflow cannot tell apart": {
    secrets: { connections: { warehouse: "postgres://a", Warehouse: "postgres://b" } },
    key: "secrets.airflow.connections.Warehouse",
    found: "the variable AIRFLOW_CONN_WAREHOUSE, which secrets.airflow.connections.warehouse sets",
    allowed: "each variable once",
    fix: "remove secrets.airflow.connections.Warehouse, if you have its value elsewhere",
  },
  "a variable that is plain and secret": {
    airflow: { variables: { region: "north" } },
    secrets: { variables: { region: "south" } },
    key: "airflow.variables.region",
    found: "the variable AIRFLOW_VAR_REGION, which secrets.airflow.variables.region sets",
    allowed: "each variable once",
    fix: "config rm --path 'airflow.variables.region'",
  },
  "a variable of the environment that is plain and secret": {
    airflow: { environment: { SENTRY_DSN: "https://sentry.acme.com/1" } },
    secrets: { environment: { SENTRY_DSN: "https://hunter2@sentry.acme.com/1" } },
    key: "airflow.environment.SENTRY_DSN",
    found: "the variable SENTRY_DSN, which secrets.airflow.environment.SENTRY_DSN sets",
    allowed: "each variable once",
    fix: "config rm --path 'airflow.environment.SENTRY_DSN'",
  },
  "a password in airflow.cfg beside the connection's": {
    airflow: setting("smtp", "smtp_password", "hunter2"),
    secrets: { connections: { smtp_default: { type: "smtp", password: "hunter2" } } },
    key: "airflow.config.smtp.smtp_password",
    found: "a value whose name, smtp_password, is that of a secret",
    allowed: "its place is secrets.airflow.connections.smtp_default.password",
    fix: "secrets.airflow.connections.smtp_default.password is also set: keep one of the two",
  },
  "a password in airflow.cfg beside the connection's URI": {
    airflow: setting("smtp", "smtp_password", "hunter2"),
    secrets: { connections: { smtp_default: "smtp://me:hunter2@mail.example.org" } },
    key: "airflow.config.smtp.smtp_password",
    found: "a value whose name, smtp_password, is that of a secret",
    allowed: "its place is secrets.airflow.connections.smtp_default.password",
    fix: "secrets.airflow.connections.smtp_default is also set: keep one of the two",
  },
  "a pool without slots": {
    airflow: { pools: { gpu: { description: "one" } } },
    key: "airflow.pools.gpu.slots",
    found: "nothing",
    allowed: "a number",
    fix: "config set --path 'airflow.pools.gpu.slots'",
  },
  "a request above its limit": {
    airflow: { resources: { scheduler: { requests: { memory: "2Gi" }, limits: { memory: "1536Mi" } } } },
    key: "airflow.resources.scheduler.requests.memory",
    found: '"2Gi"',
    allowed: "at most airflow.resources.scheduler.limits.memory, which is 1536Mi",
    fix: "config set --path 'airflow.resources.scheduler.limits.memory' 2Gi",
  },
  "resources of what Airflow does not have": {
    airflow: { resources: { webserver: { requests: { cpu: "1" } } } },
    key: "airflow.resources.webserver",
    found: '{"requests":{"cpu":"1"}}',
    allowed: "a known key; did you mean airflow.resources.apiServer?",
    fix: "rename airflow.resources.webserver to airflow.resources.apiServer",
  },
  "memory in bytes": {
    airflow: { resources: { worker: { limits: { memory: 1073741824 } } } },
    key: "airflow.resources.worker.limits.memory",
    found: "1073741824",
    allowed: "a quantity such as 512Mi or 2Gi",
    fix: "pulumi config set",
  },
  "one scheduler with high availability": {
    airflow: { highAvailability: true, replicas: { scheduler: 1 } },
    key: "airflow.replicas.scheduler",
    found: "1",
    allowed: "2 or more with airflow.highAvailability",
    fix: "pulumi config set --path 'airflow.replicas.scheduler' 2",
  },
  "connections beside the secrets": {
    airflow: { connections: { warehouse: "postgres://me:hunter2@db.example.org/x" } },
    key: "airflow.connections",
    found: "a URL with a password",
    allowed: "secrets.airflow.connections, since a connection has a password",
    fix: "remove airflow.connections, or move its values",
  },
  "the time zone": {
    airflow: { timezone: "Europe/Zurich" },
    key: "airflow.timezone",
    found: "Europe/Zurich",
    allowed: "airflow.config.core.default_timezone",
    fix: "pulumi config rm",
  },
  "a pool's key that is not known": {
    airflow: { pools: { gpu: { slots: 1, include_deferred: true } } },
    key: "airflow.pools.gpu.include_deferred",
    found: "true",
    allowed: "a known key",
    fix: "pulumi config rm",
  },
};

/** Wrong settings of Airflow. */
export const badAirflow: BadCase[] = Object.entries(bad).map(([name, { airflow = {}, secrets = {}, ...expected }]) => ({
  name,
  config: { cluster, airflow, secrets: { airflow: secrets } },
  ...expected,
}));
