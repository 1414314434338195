/** Superuser of the server; the name that images/provision and backups connect with. */
export const superuser = "postgres";

/** Where the pod finds what it is given. */
export const folders = {
  /** Mount of the volume. */
  volume: "/var/lib/postgresql",
  /** Below the mount, since a hostPath volume's root belongs to root; the path that images of Postgres 18 expect. */
  data: "/var/lib/postgresql/18/docker",
  config: "/etc/postgres",
  tls: "/etc/postgres-tls",
  superuser: "/etc/postgres-superuser",
};

/**
 * Who may connect and how: over TCP with TLS and a password, or inside the pod as its own user.
 *
 * Plaintext over TCP matches no line and is refused.
 */
export const hostBasedAuthentication = `# TYPE   DATABASE  USER      ADDRESS  METHOD
local    all       ${superuser}           peer
hostssl  all       all       all      scram-sha-256
`;

/** The server's command line; what is not here is Postgres's default. */
export const serverArguments = [
  ["hba_file", `${folders.config}/pg_hba.conf`],
  ["ssl", "on"],
  ["ssl_cert_file", `${folders.tls}/tls.crt`],
  ["ssl_key_file", `${folders.tls}/tls.key`],
  // The sum of what the clients of the stacks as checked in may hold, and some for administrators.
  ["max_connections", "220"],
].flatMap(([name, value]) => ["-c", `${name}=${value}`]);

/**
 * How initdb makes the cluster: page checksums are the default from Postgres 18 on, and the order of C.UTF-8 stays the
 * same when an image brings another libc, so that no index breaks.
 */
export const initdbArguments = "--data-checksums --locale=C.UTF-8";

/**
 * Gives the superuser the password of the mounted Secret.
 *
 * The image sets a password only in an empty data folder; without this a rotation would lock everyone out. It waits for
 * TCP, since while the data folder is made the server listens on its socket alone, and it logs no failing statement,
 * since that would hold the password.
 */
export const setPassword = `until pg_isready --quiet --host=127.0.0.1; do sleep 1; done
PGOPTIONS='-c log_min_error_statement=panic' psql --no-psqlrc --quiet --username=${superuser} --dbname=postgres \\
  --set=ON_ERROR_STOP=1 <<'SQL'
\\set password \`cat ${folders.superuser}/password\`
ALTER ROLE ${superuser} PASSWORD :'password';
SQL
`;
