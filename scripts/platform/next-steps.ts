/** What to do with a platform that has just been deployed. */
export function nextSteps(stack: string): string {
  return `Next: \`make open${option(stack)}\` lists the web UIs with their logins. ${firstRun(stack)}`;
}

/** How to see the platform at work. */
export function firstRun(stack: string): string {
  return `\`make first-run${option(stack)}\` shows the example pipeline from page views to predictions.`;
}

function option(stack: string): string {
  return stack === "minikube" ? "" : ` STACK=${stack}`;
}
