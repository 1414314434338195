export const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
export const weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** Schedules by the names that stand for them. */
export const descriptors: Record<string, string> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};

/** Smallest and greatest value of each field, and the names that it takes. */
const fields: [number, number, string[]][] = [
  [0, 59, []],
  [0, 23, []],
  [1, 31, []],
  [1, 12, monthNames],
  [0, 6, weekdayNames],
];

/**
 * Whether a CronJob takes a schedule.
 *
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
 */
export function isSchedule(text: string): boolean {
  if (Object.hasOwn(descriptors, text)) return true;
  const parts = text.split(" ");
  return parts.length === fields.length && fields.every((field, i) => isField(parts[i] ?? "", field));
}

/** A list of `*`, values and ranges, each with a step or without. */
function isField(text: string, [min, max, names]: (typeof fields)[number]): boolean {
  const valueOf = (value: string): number => {
    const named = names.indexOf(value.toLowerCase());
    return named >= 0 ? named + min : /^\d+$/.test(value) ? Number(value) : NaN;
  };
  return text.split(",").every((entry) => {
    const [, range = "", step = "1"] = /^([^/]+)(?:\/(\d+))?$/.exec(entry) ?? [];
    if (Number(step) < 1) return false;
    if (range === "*") return true;
    const [first = "", last = first, ...more] = range.split("-");
    return more.length === 0 && min <= valueOf(first) && valueOf(first) <= valueOf(last) && valueOf(last) <= max;
  });
}
