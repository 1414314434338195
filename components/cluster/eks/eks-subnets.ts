/** Ranges of a VPC's subnets, one of each kind a zone. */
interface SubnetPlan {
  /** Nodes, pods and the database: a quarter of the VPC each. */
  private: string[];
  /** Load balancers and NAT gateways: a thirty-second of the VPC each. */
  public: string[];
}

/**
 * Divides a VPC between three zones.
 *
 * @param cidr IPv4 range of the VPC, e.g. `10.10.0.0/16`
 */
export function subnetPlan(cidr: string): SubnetPlan {
  return {
    private: [0, 1, 2].map((zone) => part(cidr, 2, zone)),
    public: [0, 1, 2].map((zone) => part(cidr, 5, 24 + zone)),
  };
}

/** One of the 2^bits equal parts of an IPv4 range. */
function part(cidr: string, bits: number, index: number): string {
  const [address = "", prefixText] = cidr.split("/");
  const prefix = Number(prefixText);
  const first = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const network = Math.floor(first / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
  const start = network + index * 2 ** (32 - prefix - bits);
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
  return `${bytes.join(".")}/${prefix + bits}`;
}
