import { listAt, textAt } from "../../../../../lib/json.ts";
import { type Check, failed, notChecked, ok, type Row, unknown } from "../../../../preflight/row.ts";
import { services as enabled } from "../../gke-services.ts";
import type { GkeContext } from "../context.ts";
import { isDisabled, isOk, problemOf, type Reply } from "../google.ts";

const check = "services";

interface Wanted {
  project: string;
  number: string;
  /** Services that the program enables, e.g. `compute.googleapis.com`. */
  services: readonly string[];
}

/** @param reply of `services.list` with `state:ENABLED` */
function servicesRow(reply: Reply, { project, number, services }: Wanted): Row {
  if (isDisabled(reply, number)) {
    const fix = `gcloud services enable serviceusage.googleapis.com --project ${project}`;
    return failed(check, "Service Usage is off, by which the program enables the others", fix);
  }
  if (!isOk(reply)) return unknown(check, problemOf(reply));
  const on = listAt(reply.body, "services").map((one) => textAt(one, "config.name"));
  const off = services.filter((service) => !on.includes(service));
  if (off.length === 0) return ok(check, `all ${services.length} are enabled`);
  return ok(check, `Service Usage answers; the program enables ${off.length} of ${services.length}`);
}

export const services: Check<GkeContext> = {
  id: check,
  look: async ({ ask, number, plan: { cluster, resources } }) => {
    if (!resources.some(({ type }) => type === "gcp:projects/service:Service")) {
      return [notChecked(check, "the stack enables none")];
    }
    const query = new URLSearchParams({ filter: "state:ENABLED", pageSize: "200" });
    const path = `projects/${cluster.project}/services?${query.toString()}`;
    const reply = await ask({ service: "serviceusage", path });
    return [
      servicesRow(reply, {
        project: cluster.project,
        number,
        services: enabled.map((name) => `${name}.googleapis.com`),
      }),
    ];
  },
};
