/**
 * Settings of every Kubernetes provider: changed ConfigMaps and Secrets are updated where they are.
 *
 * By default they are replaced, and since their names stay they are removed first, with every server whose pod names one:
 * another password would delete and recreate the database server. What reads one at its start has an annotation that
 * restarts it.
 */
export const inPlace = { enableConfigMapMutable: true, enableSecretMutable: true } as const;
