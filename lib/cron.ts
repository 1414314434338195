import { Cron } from "croner";

/** Schedules by name. `@every 1h` is missing: when it is due depends on when the CronJob was created. */
const descriptor = /^@(hourly|daily|midnight|weekly|monthly|yearly|annually)$/;

/** Minute, hour, day, month, weekday: the values that a field takes. Which names there are, Croner knows. */
const values = [
  String.raw`[0-5]?\d`,
  String.raw`(?:[01]?\d|2[0-3])`,
  String.raw`(?:0?[1-9]|[12]\d|3[01])`,
  String.raw`(?:0?[1-9]|1[0-2]|[a-z]{3})`,
  String.raw`(?:0?[0-6]|[a-z]{3})`,
];

/** An asterisk, or a list of values, ranges and steps. Croner reads Sunday at the end of a range as 7, Kubernetes as 0. */
function fieldOf(value: string): string {
  const entry = String.raw`(?:${value}(?:-(?!sun)${value})?(?:/\d+)?|[*?]/(?:[2-9]|[1-9]\d))`;
  return String.raw`(?:[*?](?:/\d+)?|${entry}(?:,${entry})*)`;
}

/** The syntax that Croner and Kubernetes share; only Croner knows seconds, `L`, `W`, `#` and 7 for Sunday. */
const fiveFields = new RegExp(String.raw`^\s*${values.map(fieldOf).join(String.raw`\s+`)}\s*$`, "i");

/** A step of one is an asterisk to Kubernetes, which matters where both days are given. */
const stepOfOne = /(?<=[*?])\/0*1(?=\s|$)/g;

/**
 * Whether a CronJob takes a schedule.
 *
 * Kubernetes reads it with ParseStandard of https://pkg.go.dev/github.com/robfig/cron/v3, which also takes an asterisk in
 * a list and a step that is longer than its field.
 */
export function isSchedule(text: string): boolean {
  return parse(text) !== undefined;
}

/**
 * The last time at which a CronJob of UTC was due.
 *
 * @returns undefined for a schedule that was never due, and for text that is not a schedule
 */
export function lastDue(schedule: string, before: Date): Date | undefined {
  // Croner leaves out a run at the very time that it is asked for.
  return parse(schedule)?.previousRuns(1, new Date(before.getTime() + 1))[0];
}

function parse(text: string): Cron | undefined {
  if (!descriptor.test(text) && !fiveFields.test(text)) return undefined;
  try {
    return new Cron(text.replaceAll(stepOfOne, ""), { mode: "5-part", sloppyRanges: true, timezone: "UTC" });
  } catch {
    // An unknown name, a range that ends before it begins, a step of zero or longer than its field.
    return undefined;
  }
}
