# Reads a worker: a line a fact, and "end" when it is all. Changes nothing. API is the name that the sidecar goes to, or empty.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
FOLDER=/etc/haproxy/certs
command -v ss >/dev/null || { echo "missing ss (iproute2)"; exit 0; }

echo "hostname $(uname -n)"
ip -o address | awk '{sub("/.*", "", $4); print "address " $4}'
awk -F: '$3 == 99 {print "account user " $1}' /etc/passwd
awk -F: '$3 == 99 {print "account group " $1}' /etc/group
if [ -d $FOLDER ]; then
    echo "folder $(stat -L -c '%a %u %g' $FOLDER)"
elif [ -e $FOLDER ] || [ -h $FOLDER ]; then
    echo "in-the-way $FOLDER"
fi
for file in ca.crt server.pem server.key; do
    path=$FOLDER/$file
    if [ -f $path ] && [ ! -h $path ]; then
        echo "file $path $(stat -c '%a %u %g %Y' $path) $(sha256sum <$path | cut -d' ' -f1)"
    elif [ -e $path ] || [ -h $path ]; then
        echo "in-the-way $path"
    fi
done
# The key in it is left out.
sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/s/^/pem /p' $FOLDER/server.pem 2>/dev/null
now=$(date +%s)
ss -H -ltnp 'sport = :7443' | grep -o 'pid=[0-9]*' | sort -u | while IFS='=' read -r _ pid; do
    age=$(ps -o etimes= -p "$pid") || continue
    echo "listener $pid $(ps -o uid= -p "$pid") $((now - age)) $(cat "/proc/$pid/comm")"
done
[ -n "$(ss -H -ltn 'sport = :7443')" ] && echo "listens"
[ -z "$API" ] || timeout 8 getent ahosts "$API" | awk '{print "resolved " $1}' | sort -u
echo end
