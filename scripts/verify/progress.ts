import type { Progress } from "./check.ts";

const seconds = () => Math.round(performance.now() / 1000);

/** What is being waited for: in a terminal on a line that is written over, else each text once, on a line of its own. */
export function progressTo(stream: NodeJS.WriteStream): { progress: Progress; done: () => void } {
  let last = "";
  const clear = "\r\u001b[K";
  return {
    progress: (text) => {
      if (stream.isTTY) stream.write(`${clear}${seconds()} s  ${text}`.slice(0, stream.columns));
      else if (text !== last) stream.write(`${seconds()} s  ${text}\n`);
      last = text;
    },
    done: () => {
      if (stream.isTTY) stream.write(clear);
    },
  };
}
