import assert from "node:assert/strict";
import { webUis } from "../../components/parts.ts";
import { at } from "../../lib/json.ts";
import { credentials } from "../../scripts/platform/credentials.ts";
import { withForward } from "../../scripts/platform/forward.ts";
import { basicAuthorization } from "../../scripts/verify/interfaces.ts";
import type { Session } from "./session.ts";

const saved = { uid: "e2e-saved", title: "Saved by a user" };

/** Saves a dashboard as a user does in Grafana; false: no node has Grafana's image. */
export async function saveDashboard(session: Session): Promise<boolean> {
  if (session.isLeftOut("grafana")) return false;
  const status = await request(session, "db", { method: "POST", body: JSON.stringify({ dashboard: saved }) });
  assert.equal(status.status, 200);
  return true;
}

/** The dashboard is there, for who logs in with the administrator's password of now. */
export async function assertDashboardKept(session: Session): Promise<void> {
  if (session.isLeftOut("grafana")) return;
  const response = await request(session, `uid/${saved.uid}`);
  assert.equal(response.status, 200);
  assert.equal(at(response.body, "dashboard.title"), saved.title);
}

function request(
  { target }: Session,
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; body: unknown }> {
  const { grafana: administrator } = credentials(target);
  assert.ok(administrator);
  const headers = { authorization: basicAuthorization(administrator), "content-type": "application/json" };
  const { pods: service, port } = webUis.grafana;
  return withForward(target, service, port, async (local) => {
    const response = await fetch(`http://127.0.0.1:${local}/api/dashboards/${path}`, { headers, ...init });
    return { status: response.status, body: await response.json() };
  });
}
