/** Whether a machine type has Arm processors. */
export const isArm = (machineType: string): boolean => /^(t2a|c4a|n4a|a4x)-/.test(machineType);

const upTo96 = [2, 4, 8, 16, 32, 48, 64, 80, 96];

/** Numbers of CPUs of the series that get no new machines. Source: https://cloud.google.com/compute/docs/general-purpose-machines */
const sizes: Readonly<Record<string, readonly number[]>> = {
  "e2-standard": [2, 4, 8, 16, 32],
  "e2-highmem": [2, 4, 8, 16],
  "e2-highcpu": [2, 4, 8, 16, 32],
  "n1-standard": [1, 2, 4, 8, 16, 32, 64, 96],
  "n1-highmem": [2, 4, 8, 16, 32, 64, 96],
  "n1-highcpu": [2, 4, 8, 16, 32, 64, 96],
  "n2-standard": [...upTo96, 128],
  "n2-highmem": [...upTo96, 128],
  "n2-highcpu": upTo96,
  "n2d-standard": [...upTo96, 128, 224],
  "n2d-highmem": upTo96,
  "n2d-highcpu": [...upTo96, 128, 224],
  "c2-standard": [4, 8, 16, 30, 60],
  "c2d-standard": [2, 4, 8, 16, 32, 56, 112],
  "c2d-highmem": [2, 4, 8, 16, 32, 56, 112],
  "c2d-highcpu": [2, 4, 8, 16, 32, 56, 112],
  "t2d-standard": [1, 2, 4, 8, 16, 32, 48, 60],
  "g2-standard": [4, 8, 12, 16, 24, 32, 48, 96],
};

/** Accelerators by what their machines begin with. Source: https://cloud.google.com/compute/docs/gpus */
const accelerators: Readonly<Record<string, readonly string[]>> = {
  "n1-": ["nvidia-tesla-t4", "nvidia-tesla-v100", "nvidia-tesla-p100", "nvidia-tesla-p4"],
  "g2-": ["nvidia-l4"],
  "g4-": ["nvidia-rtx-pro-6000"],
  "a2-highgpu-": ["nvidia-tesla-a100"],
  "a2-megagpu-": ["nvidia-tesla-a100"],
  "a2-ultragpu-": ["nvidia-a100-80gb"],
  "a3-highgpu-": ["nvidia-h100-80gb"],
  "a3-edgegpu-": ["nvidia-h100-80gb"],
  "a3-megagpu-": ["nvidia-h100-mega-80gb"],
  "a3-ultragpu-": ["nvidia-h200-141gb"],
  "a4-highgpu-": ["nvidia-b200"],
};

/** Series that the tables above do not have the sizes of. */
const otherSeries = [
  "c3",
  "c3d",
  "c4",
  "c4a",
  "c4d",
  "e2",
  "h3",
  "h4d",
  "m1",
  "m2",
  "m3",
  "m4",
  "n1",
  "n2",
  "n2d",
  "n4",
  "n4a",
  "n4d",
  "t2a",
  "x4",
  "z3",
];

/** Accelerators of a machine type; undefined: it can have none, or is of a series that is not known. */
export function acceleratorsOf(machineType: string): readonly string[] | undefined {
  return Object.entries(accelerators).find(([beginning]) => machineType.startsWith(beginning))?.[1];
}

/** Machines of a series that has no accelerators. */
export function hasNoAccelerator(machineType: string): boolean {
  return Object.keys(sizes).some(
    (series) => machineType.startsWith(`${series}-`) && acceleratorsOf(machineType) === undefined,
  );
}

/** What a machine type that certainly does not exist should be; undefined: it may exist. */
export function machineExpected(machineType: string): string | undefined {
  if (/^[a-z0-9-]+\.[a-z0-9-]+$/.test(machineType))
    return "a machine type of Google, such as e2-standard-4; this one is of AWS";
  const [, series = "", count] = /^([a-z]\w*-[a-z]+)-(\d+)$/.exec(machineType) ?? [];
  const known = sizes[series];
  if (known === undefined || known.includes(Number(count))) return undefined;
  return `${series}- with ${known.join(", ")}`;
}

/** Whether a machine type is of a series that this program does not know: mistyped, or newer than the program. */
export function isUnknownSeries(machineType: string): boolean {
  const [series = ""] = machineType.split("-");
  const known = [...Object.keys({ ...sizes, ...accelerators }).map((name) => name.split("-")[0] ?? ""), ...otherSeries];
  return !known.includes(series);
}

/** Source: https://cloud.google.com/compute/docs/regions-zones, 2026-11. */
export const regions = [
  ...[
    "africa-south1",
    "asia-east1",
    "asia-east2",
    "asia-northeast1",
    "asia-northeast2",
    "asia-northeast3",
    "asia-south1",
  ],
  ...[
    "asia-south2",
    "asia-southeast1",
    "asia-southeast2",
    "asia-southeast3",
    "australia-southeast1",
    "australia-southeast2",
  ],
  ...["europe-central2", "europe-north1", "europe-north2", "europe-southwest1", "europe-west1", "europe-west2"],
  ...["europe-west3", "europe-west4", "europe-west6", "europe-west8", "europe-west9", "europe-west10", "europe-west12"],
  ...["me-central1", "me-central2", "me-west1", "northamerica-northeast1", "northamerica-northeast2"],
  ...["northamerica-south1", "southamerica-east1", "southamerica-west1", "us-central1", "us-east1", "us-east4"],
  ...["us-east5", "us-south1", "us-west1", "us-west2", "us-west3", "us-west4"],
];
