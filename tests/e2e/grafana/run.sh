#!/bin/sh
# As the image's own: a setting GF_<name>__FILE is read from that file.
for name in $(env | sed -n 's/^\(GF_[A-Z_]*\)__FILE=.*/\1/p'); do
  eval "export $name=\"\$(cat \"\$${name}__FILE\")\""
done
exec grafana server
