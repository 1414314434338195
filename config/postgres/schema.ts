import { z } from "zod";

const identifier = z.string().regex(/^[\w$.@-]{1,63}$/, "at most 63 letters, digits, _, $, ., @ and -");

/** Databases and logins that a DBA makes, by the client that uses them. */
export const databasesSchema = z.record(
  z.string(),
  z.strictObject({
    name: identifier.describe("Name of the database."),
    user: identifier.describe("Login of the client."),
  }),
);

/** A password is one line of a file. */
const password = z
  .string()
  .regex(/^[^\s\0](?:[^\r\n\0]*[^\s\0])?$/, "a password without line breaks and without spaces at its ends");

export const postgresSecretsSchema = z.strictObject({
  adminPassword: z.string().min(1).optional().describe("Of the administrator who creates roles and databases."),
  logins: z
    .record(z.string(), password)
    .default({})
    .describe("Passwords of the logins in postgres.databases, by client."),
});

export type GivenDatabases = z.output<typeof databasesSchema>;
