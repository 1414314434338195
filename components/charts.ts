/** Every Helm chart that the platform deploys; the one place where their versions stand. */
export const charts = {
  airflow: {
    name: "airflow",
    version: "1.22.0",
    repository: "https://airflow.apache.org",
    /** sha256 of the package, as the repository publishes it. */
    digest: "1f7d1dfe3d58e2c54899950aba907a43625a18c8b6fb3c54760c21592129a5b6",
  },
  awsLoadBalancerController: {
    name: "aws-load-balancer-controller",
    version: "3.5.0",
    repository: "https://aws.github.io/eks-charts",
  },
} as const;
