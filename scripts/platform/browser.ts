import { spawn } from "node:child_process";

/**
 * The command that opens a URL in the user's browser.
 *
 * @returns undefined if there is no screen
 */
export function browserCommand(platform: string, environment: NodeJS.ProcessEnv): string | undefined {
  if (platform === "darwin") return "open";
  const { DISPLAY, WAYLAND_DISPLAY } = environment;
  return DISPLAY || WAYLAND_DISPLAY ? "xdg-open" : undefined;
}

/** Opens a URL; where that cannot be done, the user has it printed. */
export function openBrowser(url: string): void {
  const command = browserCommand(process.platform, process.env);
  if (command === undefined) return;
  const child = spawn(command, [url], { stdio: "ignore", detached: true });
  child.on("error", ({ message }) => {
    console.error(`no browser was opened: ${message}`);
  });
  child.unref();
}
