import { secrets } from "../../../components/airflow/names.ts";
import type { Snapshot } from "../check.ts";

/** Airflow's database, whose name begins with `postgres.prefix`, as Airflow's own Secret names it. */
export function airflowDatabase({ of, platform }: Snapshot): string {
  const secret = of("secrets").find(
    ({ metadata }) => metadata.namespace === platform && metadata.name === secrets.metadata,
  );
  const url = Buffer.from(secret?.data?.connection ?? "", "base64").toString();
  return URL.canParse(url) ? decodeURIComponent(new URL(url).pathname.slice(1)) : "airflow";
}
