import { literal } from "./literal.ts";
import type { OwnedConfig } from "./owned-settings.ts";

/** A value as people write it in a stack file. */
export type SettingValue = string | number | boolean;

type ConfigFile = Record<string, Record<string, string>>;

/**
 * The chart's `config`: the platform's defaults, the site's options in place of or beside them, and the options that the
 * platform owns, which the configuration refuses from the site.
 */
export function configFile(
  defaults: ConfigFile,
  site: Readonly<Record<string, Readonly<Record<string, SettingValue>>>>,
  owned: OwnedConfig,
): ConfigFile {
  const options = [
    ...optionsOf(defaults),
    ...optionsOf(site).map(([section, option, value]) => [section, option, settingText(value)] as const),
    ...optionsOf<string>(owned),
  ];
  const sections = [defaults, site, owned].flatMap((file) => Object.keys(file));
  const file: ConfigFile = Object.fromEntries(sections.map((section) => [section, {}]));
  for (const [section, option, value] of options) file[section] = { ...file[section], [option]: value };
  return file;
}

function optionsOf<Value>(
  file: Readonly<Record<string, Readonly<Record<string, Value>> | undefined>>,
): (readonly [section: string, option: string, value: Value])[] {
  return Object.entries(file).flatMap(([section, options = {}]) =>
    Object.entries(options).map(([option, value]) => [section, option, value] as const),
  );
}

/** `True` and `False` as Airflow's own file has them; the chart reads each value as a template. */
function settingText(value: SettingValue): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return literal(String(value));
}
