import { basicAuthorization } from "./interfaces.ts";
import { administratorOf, type Platform, withInterface } from "./platform.ts";

/** Asks MLflow at a path below /api/2.0: with a body by POST, else by GET. */
type MlflowRequest = (path: string, body?: object) => Promise<Response>;

/** MLflow's REST API as the administrator, for as long as `use` takes. */
export function withMlflow<T>(platform: Platform, use: (request: MlflowRequest) => Promise<T>): Promise<T> {
  const headers = {
    authorization: basicAuthorization(administratorOf(platform, "mlflow")),
    "content-type": "application/json",
  };
  return withInterface(platform, "mlflow", (url) =>
    use((path, body) => {
      const signal = AbortSignal.timeout(60_000);
      const post = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
      return fetch(`${url}/api/2.0/${path}`, { headers, signal, ...post });
    }),
  );
}
