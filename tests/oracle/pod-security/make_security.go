package main

// Fields of a container's securityContext, of a pod's, and of the pod itself.

var (
	seccompGood  = words("RuntimeDefault", "Localhost")
	seccompBad   = words("Unconfined", "", "runtimedefault", "Mystery")
	selinuxGood  = words("", "container_t", "container_init_t", "container_kvm_t")
	selinuxBad   = words("container_engine_t", "spc_t", "Container_t", "unconfined_t")
	capsGood     = words("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT")
	capsBad      = words("ALL", "NET_RAW", "SYS_ADMIN", "CAP_KILL", "kill", "", "net_bind_service", "BPF")
	sysctlsGood  = words("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start")
	sysctlsLater = words("net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat")
	sysctlsBad   = words("kernel.msgmax", "net/ipv4/tcp_syncookies", "", "net.ipv4.tcp_Rmem")
	volumesGood  = words("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret")
	volumesBad   = words("hostPath", "hostPath", "hostPath", "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "gitRepo", "nfs", "iscsi", "glusterfs", "rbd", "flexVolume", "cinder", "cephfs", "flocker", "fc", "azureFile", "vsphereVolume", "quobyte", "azureDisk", "photonPersistentDisk", "portworxVolume", "scaleIO", "storageos", "hostpath", "nobodyKnowsThis", "")
	profilesGood = words("", "runtime/default", "localhost/mine", "localhost/", "docker/default")
	profilesBad  = words("unconfined", "runtime/default ", "localhost", "Localhost/x", "we\"ird\\", "tab\there", "línea\u202eé", "\U0001f600\u0301\u00a0", "\u0301")
)

func (m *maker) security() any {
	s := object{}
	often := 0.15 + m.wild/2
	if m.hardened {
		often = 0.97
	}
	m.rarely(s, "privileged", func() any { return m.pick([]any{false}, []any{true}) })
	m.setOften(s, "allowPrivilegeEscalation", often, func() any { return m.pick([]any{false}, []any{true}) })
	m.setOften(s, "capabilities", often, func() any { return m.capabilities(often) })
	m.rarely(s, "procMount", func() any { return m.pick(words("Default"), words("Unmasked", "default", "")) })
	m.sharedSecurity(s)
	return s
}

func (m *maker) capabilities(often float64) any {
	c := object{}
	m.setOften(c, "drop", often, func() any {
		drop := m.many(2, func() any { return m.pick(capsGood, capsBad) })
		if m.chance(1 - m.wild/2) {
			drop = append(drop, m.pick(words("ALL"), words("all", "CAP_ALL")))
		}
		return drop
	})
	m.rarely(c, "add", func() any {
		return m.many(3, func() any {
			if m.chance(0.5) {
				return "NET_BIND_SERVICE"
			}
			return m.pick(capsGood, capsBad)
		})
	})
	return c
}

func (m *maker) podSecurity() any {
	s := object{}
	m.sharedSecurity(s)
	m.rarely(s, "sysctls", func() any {
		return m.many(3, func() any {
			sysctl := object{"value": "1"}
			m.setOften(sysctl, "name", 0.95, func() any {
				if m.chance(0.4) {
					return m.pick(sysctlsLater, sysctlsBad)
				}
				return m.pick(sysctlsGood, sysctlsBad)
			})
			return sysctl
		})
	})
	return s
}

func (m *maker) sharedSecurity(s object) {
	often := 0.2
	if m.hardened {
		often = 0.75
	}
	m.setOften(s, "runAsNonRoot", often, func() any { return m.pick([]any{true}, []any{false}) })
	m.rarely(s, "runAsUser", func() any { return m.pick([]any{1000, 65534}, []any{0, -1}) })
	m.setOften(s, "seccompProfile", often, func() any {
		profile := object{}
		m.setOften(profile, "type", 1-m.wild/5, func() any { return m.pick(seccompGood, seccompBad) })
		return profile
	})
	m.rarely(s, "appArmorProfile", func() any {
		profile := object{}
		m.setOften(profile, "type", 1-m.wild/5, func() any { return m.pick(seccompGood, seccompBad) })
		return profile
	})
	m.rarely(s, "seLinuxOptions", func() any {
		options := object{"level": "s0"}
		m.set(options, "type", func() any { return m.pick(selinuxGood, selinuxBad) })
		m.rarely(options, "user", func() any { return m.pick(words(""), words("system_u", " ")) })
		m.rarely(options, "role", func() any { return m.pick(words(""), words("system_r")) })
		return options
	})
	m.rarely(s, "windowsOptions", func() any {
		options := object{}
		m.set(options, "hostProcess", func() any { return m.pick([]any{false}, []any{true}) })
		return options
	})
}

func (m *maker) podFields(spec object) {
	for _, field := range []string{"hostNetwork", "hostPID", "hostIPC"} {
		m.rarely(spec, field, func() any { return m.pick([]any{false}, []any{true}) })
	}
	m.setOften(spec, "hostUsers", 0.35, func() any { return m.chance(0.4) })
	m.setOften(spec, "os", 0.3, func() any {
		os := object{}
		m.set(os, "name", func() any { return m.pick(words("linux", "windows"), words("Windows", "", "plan9")) })
		return os
	})
}

func (m *maker) volume() any {
	volume := object{"name": "v" + string(rune('a'+m.IntN(4)))}
	source := m.pick(volumesGood, volumesBad).(string)
	switch {
	case source == "":
	case source == "nobodyKnowsThis" || !m.chance(0.05):
		volume[source] = object{}
	default:
		volume[source] = nil
	}
	return volume
}

func (m *maker) annotations(names []string) any {
	all := object{}
	add := func(key string) {
		if m.chance(0.05 + m.wild/3) {
			if m.chance(0.05) {
				all[key] = nil
			} else {
				all[key] = m.pick(profilesGood, profilesBad)
			}
		}
	}
	add("seccomp.security.alpha.kubernetes.io/pod")
	for _, name := range names {
		add("container.apparmor.security.beta.kubernetes.io/" + name)
		add("container.seccomp.security.alpha.kubernetes.io/" + name)
	}
	add("example.com/unconfined")
	return all
}
