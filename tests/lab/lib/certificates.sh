# Certificates that tell who answered: the API server's from the cluster's CA, applications' from a CA that the
# operator trusts, and the one an ingress controller shows when it knows no better.

make_certificates() {
    local dir=$LAB_STATE/certificates
    rm -rf "$dir"
    install -d -m 700 "$dir"
    authority "$dir/kubernetes-ca" kubernetes-ca
    authority "$dir/app-ca" "Lab application CA"
    issue "$dir" kubernetes-ca apiserver kubernetes-master \
        DNS:api.c02.example.com,DNS:api.internal.c02.example.com,DNS:kubernetes,IP:127.0.0.1,IP:100.64.0.1
    issue "$dir" app-ca app.example.com app.example.com DNS:app.example.com
    issue "$dir" app-ca shop.example.com shop.example.com DNS:shop.example.com
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -keyout "$dir/fake.key" -out "$dir/fake.crt" \
        -subj "/O=Acme Co/CN=Kubernetes Ingress Controller Fake Certificate" -addext subjectAltName=DNS:ingress.local 2>/dev/null
    cp "$dir/app-ca.crt" "$OP_HOME/ca.pem"
    cp "$dir/kubernetes-ca.crt" "$OP_HOME/kubernetes-ca.pem"
}

authority() {                          # FILE NAME
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=$2" \
        -keyout "$1.key" -out "$1.crt" 2>/dev/null
}

# Without any extension it would be version 1, which rustls doesn't take.
issue() {                              # DIRECTORY AUTHORITY FILE NAME ALTERNATIVES [GROUP]
    local dir=$1 ca=$1/$2 file=$1/$3
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "${6:+/O=$6}/CN=$4" -keyout "$file.key" -out "$file.csr" 2>/dev/null
    openssl x509 -req -in "$file.csr" -CA "$ca.crt" -CAkey "$ca.key" -CAcreateserial -days 90 -out "$file.crt" \
        -extfile <(echo basicConstraints=CA:FALSE; echo "${5:+subjectAltName=$5}"; echo "${6+extendedKeyUsage=clientAuth}") 2>/dev/null
    rm -f "$file.csr"
}
