import {
  isMonitored,
  loginPage,
  nothing,
  type Outside,
  type PartDescription,
  plainMetrics,
  type StackShape,
  type Target,
} from "../description.ts";
import { objectStore } from "../minio/description.ts";
import { postgresServer } from "../postgres/description.ts";

const apiServerPort = 8080;
const workerLogPort = 8793;
const triggererLogPort = 8794;
const statsdPort = 9125;
const statsdMetricsPort = 9102;
const redisPort = 6379;

const signedLogs = "nothing: reading logs requires a token that the API server signs";

/** The chart labels its pods in its own way. */
const chartLabels = (component: string) => ({ release: "airflow", component });

const apiServer: Target = { group: "airflow-api-server", ports: [apiServerPort] };
const statsd: Target = { group: "airflow-statsd", ports: [statsdPort] };
const redis: Target = { group: "airflow-redis", ports: [redisPort] };
/** Logs of a running task are read from where it runs. */
const logs = (group: string, port: number): Target => ({ group, ports: [port] });

const readsGit = ({ airflow: { dags } }: StackShape): readonly Outside[] => (dags.kind === "git" ? ["git"] : []);
/** Starts or watches pods, or reads their logs; the triggerer does for deferred tasks. */
const launcher = (stack: StackShape): readonly Outside[] => [
  "kubernetesApi",
  ...readsGit(stack),
  "identity",
  "airflowEgress",
];

const highAvailability = {
  kind: "Deployment",
  reason: "airflow.highAvailability runs two, for which a laptop has too little memory",
} as const;

export const airflow = {
  picture: { title: "Airflow", x: 232, y: 116, width: 256, height: 134 },
  pods: {
    "airflow-api-server": {
      labels: chartLabels("api-server"),
      diagramLabel: "API server",
      ports: { http: apiServerPort },
      withoutLogin: { http: loginPage },
      reaches: [
        postgresServer,
        statsd,
        redis,
        logs("airflow-worker", workerLogPort),
        logs("airflow-scheduler", workerLogPort),
        logs("airflow-triggerer", triggererLogPort),
        objectStore,
      ],
      outside: () => ["kubernetesApi", "identity", "airflowEgress"],
      singleReplica: highAvailability,
    },
    "airflow-scheduler": {
      labels: chartLabels("scheduler"),
      diagramLabel: "scheduler",
      ports: { logs: workerLogPort },
      withoutLogin: { logs: signedLogs },
      reaches: [postgresServer, apiServer, statsd, redis, objectStore],
      outside: launcher,
      singleReplica: highAvailability,
    },
    "airflow-dag-processor": {
      labels: chartLabels("dag-processor"),
      diagramLabel: "DAG processor",
      reaches: [postgresServer, apiServer, statsd, objectStore],
      outside: (stack) => [...readsGit(stack), "airflowEgress"],
      singleReplica: highAvailability,
    },
    "airflow-triggerer": {
      labels: chartLabels("triggerer"),
      diagramLabel: "triggerer",
      ports: { logs: triggererLogPort },
      withoutLogin: { logs: signedLogs },
      reaches: [postgresServer, apiServer, statsd, objectStore],
      outside: launcher,
      singleReplica: highAvailability,
    },
    "airflow-worker": {
      labels: chartLabels("worker"),
      diagramLabel: "worker pods",
      ports: { logs: workerLogPort },
      withoutLogin: { logs: signedLogs },
      reaches: [postgresServer, apiServer, statsd, redis, objectStore],
      outside: (stack) =>
        stack.airflow.executor === "LocalExecutor" ? ["kubernetesApi", "identity", "airflowEgress"] : launcher(stack),
      singleReplica: {
        kind: "Deployment",
        reason: "airflow.celeryWorkers sets the number; tasks of a lost worker are retried",
      },
    },
    "airflow-redis": {
      labels: chartLabels("redis"),
      diagramLabel: "Redis",
      ports: { redis: redisPort },
      withoutLogin: { redis: nothing },
      isDeployed: (stack) => stack.airflow.executor.includes("CeleryExecutor"),
      singleReplica: { kind: "StatefulSet", reason: "a queue on one volume; the scheduler queues lost tasks again" },
    },
    "airflow-statsd": {
      labels: chartLabels("statsd"),
      isDeployed: isMonitored,
      diagramLabel: "StatsD exporter",
      ports: { statsd: statsdPort, metrics: statsdMetricsPort },
      udpPorts: [statsdPort],
      withoutLogin: {
        statsd: "accepts metrics, including wrong ones, from any client that reaches it",
        metrics: plainMetrics,
      },
      metrics: [{ job: "airflow", port: statsdMetricsPort }],
      singleReplica: {
        kind: "Deployment",
        reason: "it counts in memory; each of two would have only part of the metrics",
      },
    },
    "airflow-migration": {
      labels: chartLabels("run-airflow-migrations"),
      diagramLabel: "Job: schema",
      reaches: [postgresServer],
    },
    "airflow-create-user": {
      labels: chartLabels("create-user-job"),
      diagramLabel: "Job: first user",
      reaches: [postgresServer],
    },
  },
  ui: {
    title: "Airflow",
    output: "webserverUrl",
    pods: "airflow-api-server",
    port: apiServerPort,
    healthPath: "/api/v2/monitor/health",
    nodePort: 30080,
    administrator: { secret: "airflow-admin", passwordKey: "password" },
    login: { kind: "json", path: "/auth/token", userField: "username", passwordField: "password" },
  },
  volumes: {
    "airflow-logs": {
      key: "airflow.logs.kind",
      value: "volume",
      isDeployed: (stack) => stack.airflow.logs.kind === "volume",
      storageClass: { key: "airflow.logs.storageClass", of: (stack) => stack.airflow.logs.storageClass },
    },
  },
  secrets: [
    {
      names: ["airflow-keys"],
      holds: "Fernet key (old keys stay until they are retired), API secret, JWT secret",
      readBy:
        "Airflow's processes (the JWT secret: only the API server and scheduler); the backup's pod (only the Fernet key, if `backup.recipient` is set)",
      renewedWith: "`rotation.fernet`, `rotation.sessions`",
    },
    {
      names: ["airflow-admin"],
      holds: "password of Airflow's administrator",
      readBy: "the Job that creates the user",
      renewedWith: "`rotation.admin`",
    },
    {
      names: ["airflow-metadata", "airflow-result-backend"],
      holds: "URLs of Airflow's database, with its password",
      readBy: "Airflow's processes, Celery workers; **not** the worker pods of KubernetesExecutor",
      renewedWith: "`rotation.database`; a DBA's: `secrets.postgres.logins`",
    },
    {
      names: ["airflow-redis-password", "airflow-broker-url"],
      holds: "password of Redis (Celery)",
      readBy: "Redis, scheduler, API server, Celery workers",
      renewedWith: "`rotation.sessions`",
    },
    {
      names: ["airflow-log-storage"],
      holds: "keys of MinIO or of your S3 for the log prefix",
      readBy: "every pod of Airflow, including worker pods",
      renewedWith: "`rotation.minio`; your own: `secrets.s3`",
    },
    {
      names: ["airflow-environment"],
      holds: "the site's secret variables: `secrets.airflow.environment`",
      readBy: "every container of Airflow, including worker pods; **not** the projects' pods",
      renewedWith: "your own",
    },
    {
      names: ["airflow-connections"],
      holds: "the site's connections and secret variables of Airflow: `secrets.airflow.connections`, `.variables`",
      readBy:
        "Airflow's processes, Celery workers; **not** the worker pods of KubernetesExecutor, which ask the API server",
      renewedWith: "your own",
    },
    {
      names: ["airflow-git-token", "airflow-git-ssh", "airflow-git-connection"],
      holds: "credentials that read the DAG repository",
      readBy: "the pods that fetch DAGs; with `method: bundle`, every pod of Airflow",
      renewedWith: "your own: `secrets.git.token`, `secrets.git.sshPrivateKey`",
    },
  ],
} as const satisfies PartDescription;
