/** Label of a namespace without NetworkPolicies of this program: the site's own rules restrict its connections. */
export const siteRulesLabel = { "mlops/network-policies": "site" } as const;
