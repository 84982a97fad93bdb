# One image for every service:  docker compose up   or   docker build -t migr .
# --build-arg COMMIT=$(git rev-parse --short=9 HEAD) lets migr --version name the commit: the build has no .git.
# Any JDK from 17 on can build it, and any Java from 17 on can run it.
# The target cuda uses torch 2.7.1 from PyTorch's official image, because DJL's JNI library was built for its natives.
FROM maven:3.9-eclipse-temurin-17 AS build
ARG COMMIT=unknown
WORKDIR /build
COPY . .
RUN mvn -B -ntp -DskipTests -Dspotless.check.skip=true -Dcommit=$COMMIT -pl cli -am verify \
    dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/opt/migr/lib \
 && cp cli/target/migr-cli-*.jar /opt/migr/lib/ \
 && mkdir /opt/migr/model && cp -r model/weights /opt/migr/model/weights \
 && cp migr LICENSE NOTICE cli/target/migr-sbom.json /opt/migr/

FROM pytorch/pytorch:2.7.1-cuda12.8-cudnn9-runtime AS cuda
RUN apt-get update && apt-get install -y --no-install-recommends openjdk-17-jre-headless \
 && rm -rf /var/lib/apt/lists/* \
 && torch=$(python -c 'import os, torch; print(os.path.dirname(torch.__file__))') \
 && runtime=$(python -c 'import os, nvidia.cuda_runtime as r; print(list(r.__path__)[0])') \
 && ln -s "$torch/lib" /opt/torch \
 && ln -s "$runtime"/lib/libcudart.so.12 /usr/lib/libcudart.so \
 && ldconfig
ENV PYTORCH_LIBRARY_PATH=/opt/torch PYTORCH_FLAVOR=cu128 MIGR_MODEL_DEVICE=cuda
COPY --from=build /opt/migr /opt/migr
RUN rm /opt/migr/lib/pytorch-native-cpu-*.jar \
 && useradd --uid 10001 --create-home migr && mkdir -p /var/lib/migr && chown migr /var/lib/migr
USER migr
ENTRYPOINT ["/opt/migr/migr"]

FROM eclipse-temurin:17-jre AS cpu
COPY --from=build /opt/migr /opt/migr
RUN useradd --uid 10001 --create-home migr && mkdir -p /var/lib/migr && chown migr /var/lib/migr
USER migr
ENTRYPOINT ["/opt/migr/migr"]
