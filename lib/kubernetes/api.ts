// Objects as the API server answers them: the SDK's own types, in which what the server always sets is not optional.
import type { types } from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";

/** A type of the SDK's in which these fields are there. */
type With<T, Fields extends keyof T> = Omit<Unwrap<T>, Fields> & { [Field in Fields]-?: NonNullable<Unwrap<T[Field]>> };

/** An object of the cluster, whose name is known. */
type Answer<T extends { metadata?: unknown }, Fields extends keyof T = never> = With<T, Fields> & {
  metadata: ObjectMeta;
};

type ObjectMeta = With<types.input.meta.v1.ObjectMeta, "name">;

export type Pod = Answer<types.input.core.v1.Pod, "spec" | "status">;
export type PodSpec = Unwrap<types.input.core.v1.PodSpec>;
export type Affinity = Unwrap<types.input.core.v1.Affinity>;
export type EnvVar = Unwrap<types.input.core.v1.EnvVar>;
export type Container = Unwrap<types.input.core.v1.Container>;
export type ContainerStatus = Unwrap<types.input.core.v1.ContainerStatus>;
export type Condition = Unwrap<types.input.core.v1.PodCondition>;
export type Event = Answer<types.input.core.v1.Event>;
export type Job = Answer<types.input.batch.v1.Job, "spec" | "status">;
export type CronJob = Answer<types.input.batch.v1.CronJob, "spec" | "status">;
export type Deployment = Answer<types.input.apps.v1.Deployment, "spec">;
export type PersistentVolumeClaim = Answer<types.input.core.v1.PersistentVolumeClaim, "spec" | "status">;
export type Service = Answer<types.input.core.v1.Service, "spec" | "status">;
export type Ingress = Answer<types.input.networking.v1.Ingress, "spec">;
export type ResourceQuota = Answer<types.input.core.v1.ResourceQuota, "status">;
export type ConfigMap = Answer<types.input.core.v1.ConfigMap>;
export type Secret = Answer<types.input.core.v1.Secret>;
export type ServiceAccount = Answer<types.input.core.v1.ServiceAccount>;
export type Namespace = Answer<types.input.core.v1.Namespace, "status">;
export type Node = Answer<types.input.core.v1.Node, "status">;
export type NetworkPolicy = Answer<types.input.networking.v1.NetworkPolicy, "spec">;
export type EndpointSlice = Answer<types.input.discovery.v1.EndpointSlice>;
export type StorageClass = Answer<types.input.storage.v1.StorageClass>;
