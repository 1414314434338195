import { z } from "zod";

/** A value of airflow.cfg or of a variable, as people write it. */
const scalar = z.union([z.string(), z.number(), z.boolean()], "a text, a number, true or false");

/** airflow.cfg reads a percent sign as the beginning of a reference, and a value ends with its line. */
const setting = "a text on one line with each % written as %%, a number, true or false";
const settingValue = z.union([z.string().regex(/^(?:[^%\n\r]|%%|%\()*$/, setting), z.number(), z.boolean()], setting);

/** `[section]` and `option = value` of airflow.cfg. */
export const configFile = z.record(
  z.string().regex(/^[a-z][a-z0-9_.]*$/, "a section of airflow.cfg such as core"),
  z.record(z.string().regex(/^[A-Za-z][\w.]*$/, "an option of the section such as parallelism"), settingValue),
);

/** The variables of a container. */
export const environment = z.record(
  z.string().regex(/^[A-Za-z_]\w*$/, "an environment variable's name such as API_URL"),
  scalar,
);

/** An id that becomes part of a variable's name, which Kubernetes, the image's shell and Airflow all take. */
const id = (example: string) =>
  z
    .string()
    .regex(
      /^[A-Za-z0-9][-\w.]{0,199}$/,
      `letters, digits, -, _ and . such as ${example}: it becomes a variable's name`,
    );

/** Airflow's variables; anything but a text is JSON for `deserialize_json`. */
export const variables = z.record(id("sales_start"), z.json());

/** Airflow's pools by their names. */
export const pools = z.record(
  z.string().regex(/^[^\n\r]{1,256}$/, "a pool's name, at most 256 characters on one line"),
  z.strictObject({
    slots: z.number().int().min(-1).describe("Tasks that run at the same time; -1 is not a limit."),
    description: z.string().default(""),
    includeDeferred: z.boolean().default(false).describe("Whether deferred tasks keep their slots."),
  }),
);

/** Values of the chart as it takes them. */
export const chartValues = z.record(z.string(), z.json());

/** Fields of a connection, in place of its URI. */
const connectionFields = z.strictObject({
  type: z.string("a type such as postgres").min(1),
  description: z.string().optional(),
  host: z.string().optional(),
  login: z.string().optional(),
  password: z.string().optional(),
  // A value that is set encrypted is always a text.
  port: z
    .union([
      z.number().int().min(1).max(65535),
      z
        .string()
        .regex(/^\d{1,5}$/)
        .transform(Number),
    ])
    .optional(),
  schema: z.string().optional(),
  extra: z.union([z.record(z.string(), z.json()), z.string()]).optional(),
});

export type ConnectionFields = z.output<typeof connectionFields>;

const connection =
  "a URI such as postgres://user:password@host:5432/database, or an object with type and any of description, host, " +
  "login, password, port, schema, extra";

export const connections = z.record(
  id("warehouse_db"),
  z.union([z.string().regex(/^(?:[A-Za-z][-+.\w]*:\/\/|\{)/, connection), connectionFields], connection),
);
