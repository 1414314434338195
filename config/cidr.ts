import { z } from "zod";

/** An IPv4 or IPv6 range in CIDR notation, e.g. `203.0.113.0/24`. */
export const cidr = z.union([z.cidrv4(), z.cidrv6()], { error: "a CIDR such as 203.0.113.0/24" });
