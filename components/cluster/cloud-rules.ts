import { isCloud, object } from "../../config/facts.ts";
import type { Rule } from "../../config/rule.ts";

/** What must hold between the keys of a cluster that the program makes. */
export const cloudRules: Rule[] = [
  {
    key: "airflow.logs.storageClass",
    broken: (facts) => {
      const { kind, storageClass } = object(facts.airflow.logs);
      return isCloud(facts) && kind === "volume" && storageClass === undefined;
    },
    found: "nothing",
    allowed: ({ kind }) =>
      `a class with ReadWriteMany that you made, since the volumes of ${kind} are for one node; or airflow.logs.kind objectStorage`,
    fix: "shared",
  },
  {
    key: "cluster.nodes.minCount",
    broken: (facts) => {
      const { minCount = 1, maxCount = 3 } = object(facts.cluster.nodes);
      return isCloud(facts) && Number(minCount) > Number(maxCount);
    },
    allowed: ({ cluster }) => `at most cluster.nodes.maxCount, ${Number(object(cluster.nodes).maxCount ?? 3)}`,
    fix: "1",
  },
  {
    key: "exposure.certificateArn",
    broken: ({ exposure, kind }) =>
      exposure.kind === "ingress" &&
      kind === "eks" &&
      exposure.className === undefined &&
      exposure.certificateArn === undefined,
    allowed: "the ACM certificate of the hosts below exposure.domain",
    fix: "arn:aws:acm:<region>:<account>:certificate/<id>",
  },
  {
    key: "cluster.dnsZone",
    broken: ({ cluster, exposure }) => cluster.dnsZone !== undefined && exposure.className !== undefined,
    allowed: "nothing with exposure.className, whose address is not the program's",
  },
  {
    key: "exposure.certificateArn",
    broken: ({ exposure, kind }) => kind !== "eks" && exposure.certificateArn !== undefined,
    allowed: "nothing unless cluster.kind is eks",
  },
];
