# A machine of a Ray cluster that draws: Ray with Node.js and Easel. From the root of the checkout, after `easel`:
#   docker build -f deploy/docker/ray.Dockerfile -t easel-ray .

# The image of Dockerfile, by its name where the machines find it.
ARG EASEL_IMAGE=easel
FROM ${EASEL_IMAGE} AS easel

FROM rayproject/ray:2.60.0-py311
COPY --from=easel /usr/local/bin/node /usr/local/bin/node
COPY --from=easel /opt/easel /opt/easel
COPY deploy/ray /opt/easel/deploy/ray
RUN pip install --no-cache-dir -r /opt/easel/deploy/ray/requirements.txt
ENV PYTHONPATH=/opt/easel/deploy/ray RAY_USAGE_STATS_ENABLED=0
