/** Smallest and greatest value of each field, and the names that it takes. */
const fields: [number, number, string[]][] = [
  [0, 59, []],
  [0, 23, []],
  [1, 31, []],
  [1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]],
  [0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]],
];

const descriptors = ["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"];

/**
 * Whether a CronJob takes a schedule.
 *
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
 */
export function isSchedule(text: string): boolean {
  if (descriptors.includes(text)) return true;
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
