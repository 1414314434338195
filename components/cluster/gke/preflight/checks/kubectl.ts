import { documentIn, listAt, textAt } from "../../../../../lib/json.ts";
import type { Run } from "../../../../../lib/programs/program.ts";
import { programOnPath } from "../../../../../lib/programs/tools.ts";
import { failed, ok, type Row, unknown } from "../../../../preflight/row.ts";
import { complaintOf, gcloud, installPage } from "../gcloud.ts";
import { askWith, type Ask, isOk, problemOf, type Reply } from "../google.ts";

const check = "kubectl";
const plugin = "gke-gcloud-auth-plugin";

/** What an account beside the deployer needs: the way through the DNS endpoint, and rights inside. */
const neededInside = ["container.clusters.connect", "container.namespaces.create"];

export interface Kubectl {
  hasPlugin: boolean;
  /** Of `gcloud auth list --filter status:ACTIVE`; undefined: there is no gcloud. */
  list: Run | undefined;
  /** The identity that the provider uses. */
  account: string | undefined;
}

/**
 * Whom the kubeconfig's plugin will be: gcloud's active account, or why there is none.
 *
 * @returns the account where it is not known to be the provider's
 */
function activeAccount({ hasPlugin, list, account }: Kubectl): Row | { other: string } {
  if (list === undefined) return failed(check, "gcloud is not installed", `install it: ${installPage}`);
  if (!hasPlugin) return failed(check, `${plugin} is not on PATH`, `gcloud components install ${plugin}`);
  if (!list.ok) return unknown(check, complaintOf(list));
  const active = listAt({ accounts: documentIn(list.stdout) }, "accounts").map((one) => textAt(one, "account"));
  const [own] = active;
  if (own === undefined) return failed(check, "gcloud has no active account", "gcloud auth login");
  return own === account ? ok(check, `${own}, as the provider`) : { other: own };
}

/** @param reply of `testIamPermissions`, asked as the other account */
function otherAccountRow(other: string, account: string | undefined, reply: Reply): Row {
  const found = `${other}, while the provider is ${account ?? "an identity that Google does not name"}`;
  if (!isOk(reply)) return unknown(check, `${found}: ${problemOf(reply)}`);
  const granted = listAt(reply.body, "permissions");
  const missing = neededInside.filter((permission) => !granted.includes(permission));
  if (missing.length === 0) return ok(check, `${found}; both may deploy to the cluster`);
  const fix = account === undefined ? "gcloud auth login" : `gcloud config set account ${account}`;
  return failed(check, `${found}; it lacks ${missing.join(", ")}`, fix);
}

export async function kubectlRow(project: string, account: string | undefined): Promise<Row> {
  const list = await gcloud("auth", "list", "--filter", "status:ACTIVE", "--format", "json");
  const found = activeAccount({ hasPlugin: programOnPath(plugin) !== undefined, list, account });
  if (!("other" in found)) return found;
  const token = await gcloud("auth", "print-access-token");
  if (token?.ok !== true) {
    return failed(check, `gcloud's login of ${found.other} is no longer valid`, "gcloud auth login");
  }
  return otherAccountRow(found.other, account, await mayDo(askWith(token.stdout.trim()), project));
}

function mayDo(ask: Ask, project: string): Promise<Reply> {
  const body = { permissions: neededInside };
  return ask({ service: "cloudresourcemanager", path: `projects/${project}:testIamPermissions`, body });
}
