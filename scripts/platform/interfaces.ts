import { type WebUiName, webUiNames, webUis } from "../../components/parts.ts";
import { at, isObject, listAt, textAt } from "../../lib/json.ts";
import type { Administrators, Credentials } from "./credentials.ts";

/** A web UI of a platform that runs. */
export interface Interface {
  ui: WebUiName;
  /** Undefined: it is not exposed, and a port-forward reaches it. */
  url: string | undefined;
  /** Undefined: the user may not read them. */
  administrator: Credentials | undefined;
}

/**
 * The UIs in a stack's outputs, with its secrets shown.
 *
 * @returns none for a stack that is not deployed, or that has the cluster's layer alone
 */
export function interfacesOfStack(outputs: unknown): Interface[] {
  return webUiNames.flatMap((ui) => {
    const url = textAt(outputs, webUis[ui].output);
    if (url === undefined) return [];
    const user = textAt(outputs, `adminUsers.${ui}`);
    const password = textAt(outputs, `adminPasswords.${ui}`);
    const administrator = user === undefined || password === undefined ? undefined : { user, password };
    return [{ ui, url: textAt(outputs, `portForward.${ui}`) === undefined ? url : undefined, administrator }];
  });
}

/**
 * The UIs in a cluster's namespace.
 *
 * @param objects Services, Ingresses and HTTPRoutes of the namespace
 * @param nodeAddress a node's address, for node ports
 */
export function interfacesOfCluster(
  objects: unknown[],
  administrators: Administrators,
  nodeAddress: string | undefined,
): Interface[] {
  const services = objects.filter((object) => at(object, "kind") === "Service");
  const named = (name: string) => services.find((service) => at(service, "metadata.name") === name);
  return webUiNames
    .filter((ui) => named(webUis[ui].pods) !== undefined)
    .map((ui) => ({
      ui,
      url: ingressUrl(objects, ui) ?? routeUrl(objects, ui) ?? serviceUrl(named(`${ui}-web`), nodeAddress),
      administrator: administrators[ui],
    }));
}

/** Whether a UI has a node port, so that a node's address is asked for. */
export function hasNodePort(objects: unknown[]): boolean {
  return objects.some((object) => at(object, "spec.type") === "NodePort");
}

/** Whether a UI has a Service without an address of its own that no Ingress leads to, so that routes are asked for. */
export function mayHaveRoutes(objects: unknown[]): boolean {
  return webUiNames.some((ui) => {
    const service = objects.find((object) => at(object, "metadata.name") === `${ui}-web`);
    const isInside = service !== undefined && (at(service, "spec.type") ?? "ClusterIP") === "ClusterIP";
    return isInside && ingressUrl(objects, ui) === undefined;
  });
}

/** The address that a browser reaches a node at. */
export function addressOfNode(nodes: unknown): string | undefined {
  const addresses = listAt(nodes, "items.0.status.addresses").filter(isObject);
  const [found] = ["ExternalIP", "InternalIP"].flatMap((type) => addresses.filter((address) => address.type === type));
  return textAt(found, "address");
}

function ingressUrl(objects: unknown[], ui: WebUiName): string | undefined {
  const rules = objects
    .filter((object) => at(object, "kind") === "Ingress")
    .flatMap((ingress) => listAt(ingress, "spec.rules"));
  const backend = "http.paths.0.backend.service.name";
  const host = textAt(
    rules.find((rule) => at(rule, backend) === `${ui}-web`),
    "host",
  );
  return host === undefined ? undefined : `https://${host}`;
}

function routeUrl(objects: unknown[], ui: WebUiName): string | undefined {
  const backend = "spec.rules.0.backendRefs.0.name";
  const route = objects.find((object) => at(object, "kind") === "HTTPRoute" && at(object, backend) === `${ui}-web`);
  const host = textAt(route, "spec.hostnames.0");
  return host === undefined ? undefined : `https://${host}`;
}

function serviceUrl(service: unknown, nodeAddress: string | undefined): string | undefined {
  const balancer = "status.loadBalancer.ingress.0";
  const address = textAt(service, `${balancer}.hostname`) ?? textAt(service, `${balancer}.ip`);
  if (address !== undefined) return `http://${address}`;
  const port = Number(at(service, "spec.ports.0.nodePort"));
  const isNodePort = at(service, "spec.type") === "NodePort";
  return isNodePort && nodeAddress !== undefined ? `http://${nodeAddress}:${port}` : undefined;
}
