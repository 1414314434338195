/** Whether an instance type has Arm processors. */
export const isArm = (instanceType: string): boolean => /^([a-z]+\d+g[a-z]*|a1)\./.test(instanceType);

/** Accelerators by family, in a part of their name. Source: https://aws.amazon.com/ec2/instance-types/ */
const accelerators: Readonly<Record<string, string>> = {
  g4dn: "t4",
  g5: "a10g",
  g6: "l4",
  g6e: "l40s",
  gr6: "l4",
  p3: "v100",
  p3dn: "v100",
  p4d: "a100",
  p4de: "a100",
  p5: "h100",
  p5e: "h200",
  p5en: "h200",
};

/** Families for general purposes, computing and memory: a letter, a generation, and what the processor is. */
const general = /^[mcr][4-8][a-z]*(-flex)?$|^(t2|t3|t3a)$/;

const familyOf = (instanceType: string): string => instanceType.split(".")[0] ?? "";

/** A part of the name of an instance type's accelerator; undefined: it has none, or its family is not known. */
export function acceleratorOf(instanceType: string): string | undefined {
  return accelerators[familyOf(instanceType)];
}

/** Instances of a family that has no accelerators. */
export function hasNoAccelerator(instanceType: string): boolean {
  return general.test(familyOf(instanceType));
}

const sizes = /^(nano|micro|small|medium|large|(2|3|4|6|8|9|10|12|16|18|24|32|48|56|96|112)?xlarge|metal(-\d+xl)?)$/;

/** What an instance type that certainly does not exist should be; undefined: it may exist. */
export function machineExpected(instanceType: string): string | undefined {
  const [, size] = instanceType.split(".");
  if (size === undefined) return "an instance type of AWS, such as m7i.xlarge";
  return sizes.test(size) ? undefined : `${familyOf(instanceType)}.large, .xlarge, .2xlarge, .4xlarge or larger`;
}

/** Whether an instance type is of a family that this program does not know: mistyped, or newer than the program. */
export function isUnknownFamily(instanceType: string): boolean {
  const family = familyOf(instanceType);
  return (
    !general.test(family) &&
    accelerators[family] === undefined &&
    !/^(a1|[a-z]+\d+g[a-z]*|d[23]|h1|i[3478]\w*|im\w+|is\w+|inf\d|p\d\w*(-\w+)?|g\d\w*|trn\d\w*|u\w*(-\w+)?|x\d\w*|z1d|f\d|hpc\w+|mac\w*|dl\w+|vt1)$/.test(
      family,
    )
  );
}

/** Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html, 2026-11. */
export const regions = [
  ...[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
  ],
  ...["ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6"],
  ...["ap-southeast-7", "ca-central-1", "ca-west-1", "cn-north-1", "cn-northwest-1", "eu-central-1", "eu-central-2"],
  ...[
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
  ],
  ...[
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
  ],
  ...["us-west-1", "us-west-2"],
];
