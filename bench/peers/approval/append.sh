#!/bin/sh
# What the tool `webhook` runs for each order: KEPT is where it appends what it gets, the body and the
# headers. Prints what is answered.
printf '%s\n' "$1" "$2" >>"$KEPT" && sync --data "$KEPT" || exit 1
printf '{"ApprovalGroupId":10065,"IsApprovalNeeded":true}'
