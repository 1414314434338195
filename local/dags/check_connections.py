from airflow.sdk import dag, task


@dag(schedule=None, catchup=False, tags=["local", "smoke"])
def check_connections() -> None:
    """
    ### Does this machine reach the cluster, Postgres, MLflow and the data?

    Only in the Airflow of `make airflow`. `kubernetes` asks whether the kubeconfig's user may start pods in every
    project's namespace; the others connect through the forwarded ports, with the same code that `platform_check`
    runs in a pod. They run in Airflow itself, against the rule for DAGs: what they check is this machine.
    """

    @task
    def kubernetes() -> None:
        from kubernetes import client, config

        from common.platform import platform

        config.load_kube_config()
        print(f"Kubernetes {client.VersionApi().get_code().git_version}")
        refused = []
        for project in platform().projects.values():
            attributes = client.V1ResourceAttributes(namespace=project.namespace, verb="create", resource="pods")
            review = client.V1SelfSubjectAccessReview(
                spec=client.V1SelfSubjectAccessReviewSpec(resource_attributes=attributes)
            )
            answer = client.AuthorizationV1Api().create_self_subject_access_review(review)
            if not answer.status.allowed:
                refused.append(project.namespace)
        if refused:
            raise PermissionError(f"the kubeconfig's user may not start pods in {', '.join(refused)}")

    kubernetes()

    for name in ("postgres", "mlflow", "data"):

        @task(task_id=name)
        def connection(name: str) -> None:
            from examples.checks import check

            check([name])

        connection(name)


check_connections()
