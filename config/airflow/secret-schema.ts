import { z } from "zod";
import { connections, environment, variables } from "./entries.ts";

/** What the site gives to Airflow encrypted. */
export const airflowSecretsSchema = z.strictObject({
  environment: environment
    .default({})
    .describe("Secret variables of every Airflow container, including worker pods. See docs/security.md."),
  connections: connections
    .default({})
    .describe(
      "Connections of Airflow by their id: a URI, or `type`, `host`, `login`, `password`, `port`, `schema`, `extra`.",
    ),
  variables: variables.default({}).describe("Secret variables of Airflow: a text, or JSON."),
});

export type AirflowSecretValues = z.output<typeof airflowSecretsSchema>;
